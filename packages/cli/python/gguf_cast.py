"""Quantize the BF16 tensors of a safetensors file to Q8_0 with the gguf package, and write them as GGUF.

Usage: gguf_cast.py <in.safetensors> <out.gguf>. The peer of `lotion cast --format q8_0 --packed`: what is read, quantized and
written is the same. Source: gguf.quants and gguf.GGUFWriter of PyPI's gguf.
"""

import json
import struct
import sys

import gguf
import numpy as np


def main(source: str, target: str) -> None:
    with open(source, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    data = np.memmap(source, dtype=np.uint8, mode="r", offset=8 + length)
    writer = gguf.GGUFWriter(target, "llama")
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        codes = data[begin:end].view(np.uint16).reshape(entry["shape"])
        weights = (codes.astype(np.uint32) << 16).view(np.float32)
        blocks = gguf.quants.quantize(weights, gguf.GGMLQuantizationType.Q8_0)
        writer.add_tensor(name, blocks, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main(*sys.argv[1:])

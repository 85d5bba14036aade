"""Measure `lotion cast --format q8_0 --packed` against the gguf package on one BF16 file, in rounds that take turns.

Usage: python bench_cast.py [rounds] (with the packages gguf and numpy; lotion built). Prints wall time, processor time and peak memory
of whole processes, and the ratios of their medians. Checks that the errors of both are alike: the scales differ in their last bits, as ours cover each block. Source: docs/results/cast.md.
"""

import json
import os
import statistics
import struct
import sys
import tempfile
import time
from pathlib import Path

import gguf
import numpy as np

HERE = Path(__file__).resolve().parent
LOTION = HERE.parent / "dist" / "main.js"


def write_input(path: Path) -> None:
    """8 matrices of 2048 x 2048: 67,108,864 bytes of BF16."""
    random = np.random.default_rng(1)
    header, codes, at = {}, [], 0
    for layer in range(8):
        weights = random.standard_normal((2048, 2048), dtype=np.float32) * np.float32(0.02)
        codes.append((weights.view(np.uint32) >> 16).astype(np.uint16).tobytes())
        header[f"layers.{layer}.mlp.up_proj.weight"] = {
            "dtype": "BF16",
            "shape": [2048, 2048],
            "data_offsets": [at, at + len(codes[-1])],
        }
        at += len(codes[-1])
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(codes))


def measure(command: list[str]) -> tuple[float, float, float]:
    """Seconds on the clock, seconds of processor time, MB of peak memory."""
    start = time.perf_counter()
    pid = os.spawnvp(os.P_NOWAIT, command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        raise RuntimeError(f"{command}: status {status}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def relative_errors(source: Path, ours: Path, theirs: Path) -> tuple[float, float]:
    """Root of the squared error over the squared weights, of our blocks and of gguf's for the first matrix, both decoded by gguf."""

    def tensors(path: Path) -> dict[str, np.ndarray]:
        data = path.read_bytes()
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + length])
        header.pop("__metadata__", None)
        found = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            found[name] = np.frombuffer(data[8 + length + begin : 8 + length + end], dtype=np.uint8)
        return found

    packed = tensors(ours)
    peers = {tensor.name: np.asarray(tensor.data) for tensor in gguf.GGUFReader(theirs).tensors}
    errors = [0.0, 0.0]
    total = 0.0
    for name, codes in list(tensors(source).items())[:1]:
        weights = (codes.view(np.uint16).astype(np.uint32) << 16).view(np.float32).astype(np.float64)
        total += float((weights**2).sum())
        for i, blocks in enumerate((packed[f"{name}.blocks"].reshape(-1, 34), peers[name].reshape(-1, 34))):
            decoded = gguf.quants.dequantize(blocks, gguf.GGMLQuantizationType.Q8_0).reshape(-1)
            errors[i] += float(((decoded - weights) ** 2).sum())
    return (errors[0] / total) ** 0.5, (errors[1] / total) ** 0.5


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, ours, theirs = (Path(folder) / name for name in ("in.safetensors", "out.safetensors", "out.gguf"))
        write_input(source)
        ways = {
            "lotion": ["node", str(LOTION), "cast", str(source), str(ours), "--format", "q8_0", "--packed"],
            "gguf": [sys.executable, str(HERE / "gguf_cast.py"), str(source), str(theirs)],
        }
        found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
        stdout = os.dup(1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        for _ in range(rounds):
            for name, command in ways.items():
                found[name].append(measure(command))
        os.dup2(stdout, 1)
        mine, peer = relative_errors(source, ours, theirs)
        print(f"relative errors: lotion {mine:.5f}, gguf {peer:.5f}")
        if not mine < 1.02 * peer:
            raise RuntimeError("the two did not do the same work")
        medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in found.items()}
        for name, (wall, cpu, memory) in medians.items():
            print(f"{name}: {wall:.2f} s, {cpu:.2f} s of processor time, {memory:.0f} MB")
        ratios = [a / b for a, b in zip(medians["lotion"], medians["gguf"])]
        print("ratios: " + ", ".join(f"{ratio:.2f}" for ratio in ratios))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)

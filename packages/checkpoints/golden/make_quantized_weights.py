# Weights that others store as codes and scales, decoded by NumPy and ml_dtypes (numpy==2.4.6, ml_dtypes==0.6.0): writes
# quantized-weights.json, bytes and f32 weights as hex. Formulas: DeepSeek-V3's weight_dequant_kernel, the decompressors of
# compressed-tensors (float-quantized, nvfp4-pack-quantized), ModelOpt's NVFP4QTensor.dequantize; each product is one f32 product.
import json
from pathlib import Path

import ml_dtypes
import numpy as np

draw = np.random.default_rng(9)
f32 = np.float32
E4M3, E5M2 = ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2
POINTS = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6], dtype=f32)


def hexed(array):
    return np.ascontiguousarray(array).tobytes().hex()


def tensor(dtype, array, shape=None):
    return {"dtype": dtype, "shape": list(array.shape if shape is None else shape), "bytes": hexed(array)}


def float8(name, kind, shape, scales, tile):
    codes = draw.standard_normal(shape).astype(f32).astype(kind)
    rows, columns = np.arange(shape[0])[:, None] // tile[0], np.arange(shape[1])[None, :] // tile[1]
    across = -(-shape[1] // tile[1])
    weights = codes.astype(f32) * scales.reshape(-1)[rows * across + columns]
    dtype = "F8_E4M3" if kind is E4M3 else "F8_E5M2"
    return {"tensors": {"q.weight": tensor(dtype, codes), f"q.{name}": tensor("F32", scales)}, "weights": hexed(weights)}


def scale(*shape):
    return (draw.random(shape) * 0.01 + 0.001).astype(f32)


def nvfp4(dialect):
    rows, columns = 4, 48
    codes = draw.integers(0, 16, (rows, columns), dtype=np.uint8)
    packed = codes[:, ::2] | (codes[:, 1::2] << 4)
    blocks = (draw.random((rows, columns // 16)) * 400).astype(f32).astype(E4M3)
    # What weights were multiplied by, and what codes are to be multiplied by.
    tensor_scale = f32(2688 / 0.37) if dialect == "compressed-tensors" else f32(0.37 / 2688)
    wide = blocks.astype(f32)
    scales = wide / tensor_scale if dialect == "compressed-tensors" else wide * tensor_scale
    values = np.where(codes & 8, -POINTS[codes & 7], POINTS[codes & 7])
    names = (
        ("q.weight_packed", "q.weight_global_scale") if dialect == "compressed-tensors" else ("q.weight", "q.weight_scale_2")
    )
    return {
        "tensors": {
            names[0]: tensor("U8", packed),
            "q.weight_scale": tensor("F8_E4M3", blocks),
            names[1]: tensor("F32", np.array([tensor_scale], dtype=f32)),
        },
        "weights": hexed(values * np.repeat(scales, 16, axis=1)),
    }


cases = {
    "DeepSeek, blocks of 128 × 128 with ragged ends": float8("weight_scale_inv", E4M3, (130, 140), scale(2, 2), (128, 128)),
    "a scale a tensor": float8("weight_scale", E4M3, (6, 10), scale(1), (6, 10)),
    "a scale a row": float8("weight_scale", E5M2, (6, 10), scale(6, 1), (1, 10)),
    "groups of a row": float8("weight_scale", E4M3, (6, 64), scale(6, 2), (1, 32)),
    "NVFP4 of compressed-tensors": nvfp4("compressed-tensors"),
    "NVFP4 of ModelOpt": nvfp4("ModelOpt"),
}
Path(__file__).with_name("quantized-weights.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n")

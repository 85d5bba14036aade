"""Golden vectors from torchao (0.18.0, on torch): MX casts in three scale modes, NVFP4, the NF4 table.

python make_golden_torchao.py DIRECTORY writes torchao.json there. torch is large, so this script is apart from
make_golden.py and not rerun by the tests; it was run with the versions that the file names.
"""

import importlib.metadata
import json
import os
import sys

import ml_dtypes
import numpy as np
import torch
from torchao.prototype.mx_formats.config import ScaleCalculationMode
from torchao.prototype.mx_formats.constants import DTYPE_FP6_E2M3, DTYPE_FP6_E3M2
from torchao.prototype.mx_formats.mx_tensor import to_mx
from torchao.prototype.mx_formats.nvfp4_tensor import nvfp4_quantize
from torchao.prototype.mx_formats.utils import to_blocked
from torchao.quantization.quantize_.workflows.nf4.nf4_tensor import NF4Tensor

from make_golden import digest, hexed
from weights import BLOCKS, weights

MODES = {"e8m0-floor": ScaleCalculationMode.FLOOR, "e8m0-ceil": ScaleCalculationMode.RCEIL, "e8m0-even": ScaleCalculationMode.EVEN}
TYPES = {
    "mxfp4": (torch.float4_e2m1fn_x2, ml_dtypes.float4_e2m1fn),
    "mxfp6-e3m2": (DTYPE_FP6_E3M2, ml_dtypes.float6_e3m2fn),
    "mxfp6-e2m3": (DTYPE_FP6_E2M3, ml_dtypes.float6_e2m3fn),
    "mxfp8-e4m3": (torch.float8_e4m3fn, ml_dtypes.float8_e4m3fn),
    "mxfp8-e5m2": (torch.float8_e5m2, ml_dtypes.float8_e5m2),
}
BITSANDBYTES_NF4 = [
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
    -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
    0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
]


def array(tensor: torch.Tensor) -> np.ndarray:
    """The bytes of a tensor."""
    return np.frombuffer(bytes(tensor.contiguous().view(torch.uint8).flatten().tolist()), dtype=np.uint8)


def nibbles(packed: np.ndarray) -> np.ndarray:
    return np.stack([packed & 15, packed >> 4], axis=-1).reshape(-1)


def main() -> None:
    torch.set_num_threads(1)
    casts = {}
    w = weights(32, False)
    # torchao has no rule for scales beyond E8M0's ends; such blocks are left out, as both sides do.
    amax = np.abs(w).max(axis=1)
    kept = (amax == 0) | (amax > 2.0**-100) & (amax < 2.0**100)
    data = torch.frombuffer(bytearray(w[kept].tobytes()), dtype=torch.float32).reshape(-1, 32)
    for name, (kind, dtype) in TYPES.items():
        for rule, mode in MODES.items():
            scale, codes = to_mx(data, kind, 32, mode)
            codes = nibbles(array(codes)) if name == "mxfp4" else array(codes)
            values = codes.view(dtype).astype(np.float32).reshape(-1, 32)
            cast = values * np.ldexp(1.0, array(scale).astype(np.int64) - 127).astype(np.float32)[:, None]
            casts[f"{name} {rule}"] = {"sha256": digest(cast), "second": hexed(cast[1] + np.float32(0))}
    # NVFP4: block scales in E4M3 of the two-level rule; the elements by reciprocal, so only scales are compared.
    narrow = weights(16, True)
    tensor = torch.frombuffer(bytearray(narrow.tobytes()), dtype=torch.float32).reshape(1, -1)
    shared = tensor.abs().max() / (448 * 6)
    scales, packed = nvfp4_quantize(tensor, 16, shared)
    decoded = array(scales).view(ml_dtypes.float8_e4m3fn).astype(np.float32)
    # torchao clamps block scales at 2^-6, the smallest normal number.
    nvfp4 = {"tensorScale": hexed(np.float32(shared.item()))[0], "scales": digest(decoded), "smallest": float(decoded.min())}
    grid = torch.arange(130 * 5, dtype=torch.int32).remainder(251).to(torch.uint8).reshape(130, 5)
    swizzled = array(to_blocked(grid))
    out = {
        "versions": {name: importlib.metadata.version(name) for name in ("torchao", "torch", "ml_dtypes")},
        "kept": int(kept.sum()),
        "of": BLOCKS,
        "casts": casts,
        "nvfp4": nvfp4,
        "swizzled": digest(swizzled.astype(np.float32)),
        "nf4": nf4(),
    }
    with open(os.path.join(sys.argv[1], "torchao.json"), "w") as file:
        json.dump(out, file, indent=2)
        file.write("\n")


def nf4() -> dict:
    """The sixteen numbers of torchao's table, which has four digits, those of bitsandbytes 0.50.2 (functional.py), which has
    them all, and the casts of torchao's nearest rounding with the latter."""
    digits = NF4Tensor.from_tensor(torch.zeros(64 * 4), 64, 4).nf4
    table = torch.tensor(BITSANDBYTES_NF4)
    w = weights(64, False)[:4000]
    amax = np.abs(w).max(axis=1, keepdims=True)
    x = torch.frombuffer(bytearray((w / np.where(amax == 0, np.float32(1), amax)).tobytes()), dtype=torch.float32)
    codes = NF4Tensor.quantize_tensor_nearest(x, table)
    values = np.array(table.tolist(), np.float32)[np.array(codes.tolist())].reshape(-1, 64)
    return {"digits": hexed(np.array(digits.tolist())), "points": hexed(np.array(table.tolist())), "blocks": 4000, "sha256": digest(values * amax)}


if __name__ == "__main__":
    main()

"""Golden vectors from independent implementations: gfloat, ml_dtypes, onnx, gguf (versions in requirements.txt).

python make_golden.py DIRECTORY writes points.json, rounding.json, stochastic.json, blocks.json and bytes.json there.
Numbers are hex floats. Two packages that know the same format are compared here, so a file holds what both agree on. Integers and
the scales of blocks are NumPy, written here from the definitions; README.md says which numbers are whose.
"""

import hashlib
import importlib.metadata
import json
import os
import re
import sys

import gfloat
import gfloat.formats as gf
import gguf
import ml_dtypes
import numpy as np
import onnx
import onnx.reference
from onnx import TensorProto, helper, numpy_helper

from weights import BLOCKS, mix, weights

VERSIONS = {name: importlib.metadata.version(name) for name in ("gfloat", "ml_dtypes", "onnx", "gguf", "numpy")}
F32 = np.float32

# Minifloats: gfloat's description, ml_dtypes' type, the type's code points fill `bits` bits.
FLOATS = {
    "e2m1": (gf.format_info_ocp_e2m1, ml_dtypes.float4_e2m1fn),
    "e3m2": (gf.format_info_ocp_e3m2, ml_dtypes.float6_e3m2fn),
    "e2m3": (gf.format_info_ocp_e2m3, ml_dtypes.float6_e2m3fn),
    "e4m3": (gf.format_info_ocp_e4m3, ml_dtypes.float8_e4m3fn),
    "e5m2": (gf.format_info_ocp_e5m2, ml_dtypes.float8_e5m2),
}
TOP = {"e2m1": 6.0, "e3m2": 28.0, "e2m3": 7.5, "e4m3": 448.0, "e5m2": 57344.0}


def same(found: np.ndarray, expected: np.ndarray, what: str) -> None:
    """Stop unless two arrays agree in every number, signs of zeros included, NaN with NaN."""
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    equal = (found == expected) & (np.signbit(found) == np.signbit(expected)) | np.isnan(found) & np.isnan(expected)
    if not equal.all():
        at = np.argwhere(~equal)[0]
        sys.exit(f"{what}: packages disagree at {at}: {found[tuple(at)]} and {expected[tuple(at)]}")


def hexed(values) -> list:
    """Hex floats without the zeros at the end."""
    return [re.sub(r"\.?0+p", "p", float(value).hex()) for value in np.asarray(values, np.float64).ravel()]


def write(folder: str, name: str, content: dict) -> None:
    with open(os.path.join(folder, name), "w") as file:
        json.dump({"versions": VERSIONS, **content}, file, indent=0)
        file.write("\n")


def points() -> dict:
    """Every code point of every element and scale type, by code."""
    out = {}
    for name, (info, dtype) in FLOATS.items():
        decoded = [gfloat.decode_float(info, code).fval for code in range(2**info.k)]
        same(decoded, np.arange(2**info.k, dtype=np.uint8).view(dtype), name)
        out[name] = hexed(decoded)
    scale = gf.format_info_ocp_e8m0
    decoded = [gfloat.decode_float(scale, code).fval for code in range(256)]
    same(decoded, np.arange(256, dtype=np.uint8).view(ml_dtypes.float8_e8m0fnu), "e8m0")
    out["e8m0"] = hexed(decoded)
    out["mxint8"] = hexed([gfloat.decode_float(gf.format_info_ocp_int8, code).fval for code in range(256)])
    # Code points 0 to 2^bits - 1 of two's complement, as the storage types of ml_dtypes read them.
    for bits, dtype in ((4, ml_dtypes.int4), (2, ml_dtypes.int2)):
        codes = np.arange(2**bits)
        out[f"int{bits}"] = hexed(np.where(codes < 2 ** (bits - 1), codes, codes - 2**bits).astype(dtype).astype(F32))
    out["f16"] = hexed([gfloat.decode_float(gf.format_info_binary16, code).fval for code in range(0, 0x7C00, 41)])
    out["bf16"] = hexed([gfloat.decode_float(gf.format_info_bfloat16, code).fval for code in range(0, 0x7F80, 41)])
    return out


def probes(values: np.ndarray) -> np.ndarray:
    """Points, midpoints and their f32 neighbours, subnormals, zeros, beyond the ends, infinities."""
    ties = ((values[1:] + values[:-1]) / 2).astype(F32)
    near = [values.astype(F32), ties, np.nextafter(ties, F32(np.inf)), np.nextafter(ties, F32(-np.inf))]
    top = F32(values[-1])
    beyond = [top * F32(1 + 2**-23), top + (top - F32(values[-2])) / 2, top * 2, F32(3e38), F32(np.inf)]
    small = [F32(0), F32(2**-149), F32(2**-127), F32(2**-126), F32(1e-30)]
    special = np.array(beyond + small, F32)
    return np.unique(np.concatenate([*near, special, -special]).view(np.uint32)).view(F32)


def rounding() -> dict:
    """Nearest rounding, ties to even, saturating; NaN apart (it has no code in most of these types)."""
    out = {}
    for name, (info, dtype) in FLOATS.items():
        codes = np.arange(2**info.k, dtype=np.uint8).view(dtype).astype(np.float64)
        x = probes(np.unique(codes[np.isfinite(codes)]))
        rounded = gfloat.round_ndarray(info, x.astype(np.float64), sat=True)
        inside = np.abs(x) <= TOP[name]
        same(x[inside].astype(dtype).astype(F32), rounded[inside], f"nearest {name}")
        some = np.concatenate([x[:40], x[-40:]])
        one = [gfloat.round_float(info, float(value), sat=True) for value in some]
        same(one, np.concatenate([rounded[:40], rounded[-40:]]), f"round_float {name}")
        out[name] = {"x": hexed(x), "nearest": hexed(rounded)}
    for bits in (8, 4, 3, 2):
        top = 2 ** (bits - 1) - 1
        x = probes(np.arange(-top, top + 1, dtype=np.float64))
        rounded = np.clip(np.rint(x.astype(np.float64)), -top, top)
        out[f"int{bits}"] = {"x": hexed(x), "nearest": hexed(rounded)}
    x = probes(np.arange(-127, 128, dtype=np.float64) / 64)
    rounded = np.maximum(gfloat.round_ndarray(gf.format_info_ocp_int8, x.astype(np.float64), sat=True), -127 / 64)
    out["mxint8"] = {"x": hexed(x), "nearest": hexed(rounded)}
    return out


def stochastic() -> dict:
    """gfloat's StochasticFast with 8 given bits: away from zero iff fraction + (2 bits + 1) / 512 >= 1."""
    out = {}
    for at, (name, (info, _)) in enumerate(FLOATS.items()):
        drawn = mix(np.arange(300, dtype=np.uint32) + np.uint32(1000 * at)).astype(np.int64)
        # 16-bit multiples: fractions of a step are multiples of 2^-15, exact in f32.
        x = ((drawn >> 8) % 2**16 - 2**15).astype(np.float64) * (TOP[name] / 2**15)
        bits = (drawn & 255).astype(np.int64)
        rounded = gfloat.round_ndarray(info, x, gfloat.RoundMode.StochasticFast, True, bits, 8)
        one = [
            gfloat.round_float(info, float(v), gfloat.RoundMode.StochasticFast, True, int(b), 8)
            for v, b in zip(x[:50], bits[:50])
        ]
        same(one, rounded[:50], f"stochastic {name}")
        out[name] = {"x": hexed(x), "bits": bits.tolist(), "rounded": hexed(rounded)}
    return out


def elements(name: str, x: np.ndarray) -> np.ndarray:
    """Nearest, saturating, by ml_dtypes for floats and NumPy's rint for integers."""
    if name in FLOATS:
        return np.clip(x, F32(-TOP[name]), F32(TOP[name])).astype(FLOATS[name][1]).astype(F32)
    if name == "mxint8":
        return (np.clip(np.rint(x * F32(64)), -127, 127) / F32(64)).astype(F32)
    top = top_of(name)
    return np.clip(np.rint(x), -top, top).astype(F32)


def top_of(name: str) -> float:
    if name in TOP:
        return TOP[name]
    return 127 / 64 if name == "mxint8" else 2 ** (int(name[3:]) - 1) - 1


def safe(divisor: np.ndarray) -> np.ndarray:
    return np.where(divisor == 0, F32(1), divisor)


def absmax(w: np.ndarray, name: str) -> tuple:
    amax = np.abs(w).max(axis=1, keepdims=True)
    top = F32(top_of(name))
    return w / safe(amax) * top, amax / top


def half(w: np.ndarray, name: str) -> tuple:
    """The smallest float16 s with s * top >= amax, by stepping up from NumPy's nearest conversion; for int4 a power of two below 16 * 2^-24."""
    amax = np.abs(w).max(axis=1, keepdims=True).astype(np.float64)
    top = top_of(name)
    with np.errstate(over="ignore"):
        scale = np.minimum(amax / top, 65504).astype(np.float16)
    down = np.nextafter(scale, np.float16(0))
    scale = np.where((scale > 0) & (down.astype(np.float64) * top >= amax), down, scale)
    up = np.minimum(np.nextafter(scale, np.float16(np.inf)), np.float16(65504))
    scale = np.where(scale.astype(np.float64) * top < amax, up, scale).astype(F32)
    if name == "int4":
        power = np.ldexp(1.0, np.ceil(np.log2(np.where(scale > 0, scale, 1).astype(np.float64))).astype(int))
        scale = np.where((scale > 0) & (scale < 16 * 2.0**-24), power, scale).astype(F32)
    return w / safe(scale), scale


def power_of_two(exponent: np.ndarray, zero: np.ndarray) -> np.ndarray:
    return np.ldexp(1.0, np.where(zero, -127, np.clip(exponent, -127, 127))).astype(F32)


def e8m0(rule: str):
    def scaled(w: np.ndarray, name: str) -> tuple:
        amax = np.abs(w).max(axis=1, keepdims=True)
        top, wide = top_of(name), amax.astype(np.float64)
        emax = int(np.floor(np.log2(top)))
        exponent = np.frexp(wide)[1] - 1 - emax
        if rule == "ceil":
            exponent = np.where(np.ldexp(top, exponent) < wide, exponent + 1, exponent)
        if rule == "nearest":
            ratio = (amax / F32(top)).astype(np.float64)
            mantissa, exponent = np.frexp(ratio)
            scale = power_of_two(exponent - 1 + (mantissa >= 0.75), ratio == 0)
            # ml_dtypes 0.6.0 rounds subnormal f32 numbers just above 2^-127 up, though 2^-127 is nearer.
            normal = (ratio >= 2.0**-126) & (ratio < 2.0**127)
            same(scale[normal], ratio[normal].astype(F32).astype(ml_dtypes.float8_e8m0fnu), "e8m0 nearest")
        else:
            scale = power_of_two(exponent, amax == 0)
        return w / scale, scale

    return scaled


def two_level(up: bool):
    def scaled(w: np.ndarray, name: str) -> tuple:
        top = F32(top_of(name))
        amax = np.abs(w).max(axis=1, keepdims=True)
        tensor = amax.max()
        shared = F32(tensor / F32(448 * top))
        if not up:
            block = np.minimum(amax / top / shared, F32(448)).astype(ml_dtypes.float8_e4m3fn).astype(F32)
            scale = block * shared
            return w / safe(scale), scale
        # The tensor's scale rounded up to 16 bits, in double precision; then products of up to 24 bits, exact.
        mantissa, exponent = np.frexp(float(tensor) / (448 * float(top)))
        shared = np.ldexp(np.ceil(mantissa * 2**16), exponent - 16)
        finite = np.arange(127, dtype=np.uint8).view(ml_dtypes.float8_e4m3fn).astype(np.float64)
        numbers = finite[(finite >= 2.0**-6) | (finite == 0) | (np.frexp(finite)[0] == 0.5)]
        block = numbers[np.searchsorted(numbers * float(top) * shared, amax.astype(np.float64))]
        scale = (block * shared).astype(F32)
        return w / safe(scale), scale

    return scaled


# Format of the package, scale rule, elements, weights a block.
COMBINATIONS = [
    *[(f"int{bits}", "absmax", f"int{bits}", 32, absmax) for bits in (8, 4, 3, 2)],
    ("fp4", "absmax", "e2m1", 32, absmax),
    ("fp8-e4m3", "absmax", "e4m3", 32, absmax),
    ("fp8-e5m2", "absmax", "e5m2", 32, absmax),
    ("fp6-e3m2", "absmax", "e3m2", 32, absmax),
    ("fp6-e2m3", "absmax", "e2m3", 32, absmax),
    *[
        (f"mx{kind}", f"e8m0-{rule}", name, 32, e8m0(rule))
        for rule in ("ceil", "floor", "nearest")
        for kind, name in (
            ("fp4", "e2m1"),
            ("fp6-e3m2", "e3m2"),
            ("fp6-e2m3", "e2m3"),
            ("fp8-e4m3", "e4m3"),
            ("fp8-e5m2", "e5m2"),
            ("int8", "mxint8"),
        )
    ],
    ("gguf-mxfp4", "e8m0-ceil", "e2m1", 32, e8m0("ceil")),
    ("nvfp4", "e4m3-ceil", "e2m1", 16, two_level(True)),
    ("nvfp4", "e4m3-nearest", "e2m1", 16, two_level(False)),
    ("q4_0", "absmax-f16", "int4", 32, half),
    ("q8_0", "absmax-f16", "int8", 32, half),
]


def digest(values: np.ndarray) -> str:
    """SHA-256 of the f32 bytes; adding 0 makes the two zeros one."""
    return hashlib.sha256((values.astype(F32) + F32(0)).astype("<f4").tobytes()).hexdigest()


def blocks(dump: str) -> dict:
    """Casts of 100,000 random blocks a format, as checksums with the second block in full. The scales are NumPy written here, not a package's."""
    made, out = {}, {}
    for format_name, rule, element, size, scaled in COMBINATIONS:
        narrow = format_name == "nvfp4"
        w = made.setdefault((size, narrow), weights(size, narrow))
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            x, scale = scaled(w, element)
            cast = elements(element, x.astype(F32)) * scale
        if rule == "e8m0-floor" and element in FLOATS:
            info = gfloat.BlockFormatInfo(format_name, FLOATS[element][0], size, gf.format_info_ocp_e8m0)
            for b in range(200, 260):
                own = gfloat.quantize_block(info, w[b].astype(np.float64), gfloat.compute_scale_amax)
                same(own + 0.0, cast[b] + F32(0), f"gfloat.quantize_block {format_name}")
        key = f"{format_name} {rule}"
        out[key] = {"block": size, "sha256": digest(cast), "second": hexed(cast[1] + F32(0))}
        if dump:
            (cast.astype(F32) + F32(0)).astype("<f4").tofile(os.path.join(dump, key.replace(" ", "_") + ".f32"))
    inputs = {f"{size}{' narrow' if narrow else ''}": digest(w) for (size, narrow), w in made.items()}
    return {"blocks": BLOCKS, "weights": inputs, "casts": out}


def bytes_of(count: int, salt: int) -> np.ndarray:
    return (mix(np.arange(count, dtype=np.uint32) + np.uint32(salt)) >> np.uint32(24)).astype(np.uint8)


def stored() -> dict:
    """Random bytes as gguf and onnx read them: checksums of the weights."""
    out = {}
    # ggml's blocks: any codes, scales of finite numbers of either sign (f16 but for the exponent 31, E8M0 below 255).
    kinds = gguf.GGMLQuantizationType
    for name, kind, size in (("q4_0", kinds.Q4_0, 18), ("q8_0", kinds.Q8_0, 34), ("gguf-mxfp4", kinds.MXFP4, 17)):
        data = bytes_of(BLOCKS * size, 0xC0DE).reshape(BLOCKS, size)
        if name == "gguf-mxfp4":
            data[:, 0] = np.where(data[:, 0] == 255, 3, data[:, 0])
        else:
            data[:, 1] = data[:, 1] & 0x80 | (data[:, 1] & 0x7F) % 0x7C
        with np.errstate(over="ignore"):
            out[name] = digest(gguf.quants.dequantize(data, kind))
    # Code streams, low nibble first, and the blockwise DequantizeLinear of ONNX.
    count = 32 * 4096
    for name, kind, bits in (
        ("int4", TensorProto.INT4, 4),
        ("int8", TensorProto.INT8, 8),
        ("mxfp4", TensorProto.FLOAT4E2M1, 4),
        ("mxfp8-e4m3", TensorProto.FLOAT8E4M3FN, 8),
        ("mxfp8-e5m2", TensorProto.FLOAT8E5M2, 8),
    ):
        data = bytes_of(count * bits // 8, 0xFACE)
        if name == "mxfp8-e4m3":
            data = np.where(data & 0x7F == 0x7F, data & 0x80, data)
        if name == "mxfp8-e5m2":
            data = np.where(data & 0x7C == 0x7C, data & 0x80, data)
        data = data.astype(np.uint8)
        tensor = helper.make_tensor("w", kind, [4096, 32], data.tobytes(), raw=True)
        scale = np.ldexp(1.0, mix(np.arange(4096, dtype=np.uint32)).astype(np.int64) % 20 - 10).astype(F32)[:, None]
        values = numpy_helper.to_array(tensor).astype(F32)
        if name != "mxfp4":
            node = helper.make_node("DequantizeLinear", ["w", "scale"], ["y"], axis=1, block_size=32)
            graph = helper.make_graph(
                [node],
                "g",
                [helper.make_tensor_value_info("scale", TensorProto.FLOAT, [4096, 1])],
                [helper.make_tensor_value_info("y", TensorProto.FLOAT, [4096, 32])],
                [tensor],
            )
            model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)])
            reference = onnx.reference.ReferenceEvaluator(model).run(None, {"scale": scale})[0]
            same(reference, values * scale, f"DequantizeLinear {name}")
        out[f"onnx {name}"] = digest(values * scale)
    return out


def written() -> dict:
    """Blocks as gguf's own quantizers write them, of weights like N(0, 0.02), and what gguf decodes them to."""
    kinds = gguf.GGMLQuantizationType
    total = sum((mix(np.arange(128 * 32, dtype=np.uint32) * np.uint32(4) + np.uint32(part)) >> np.uint32(12)).astype(np.int64) for part in range(4))
    w = ((total - 2**21) * 2.0**-25).astype(F32).reshape(128, 32)
    # A block of zeros, and one whose maximum is the last weight, below zero.
    w[3] = 0
    w[4, 31] = -0.25
    out = {}
    for name, kind in (("q4_0", kinds.Q4_0), ("q8_0", kinds.Q8_0), ("gguf-mxfp4", kinds.MXFP4)):
        data = gguf.quants.quantize(w, kind)
        out[name] = {"bytes": data.tobytes().hex(), "sha256": digest(gguf.quants.dequantize(data, kind))}
    return out


def main() -> None:
    folder = sys.argv[1]
    dump = sys.argv[2] if len(sys.argv) > 2 else ""
    os.makedirs(folder, exist_ok=True)
    write(folder, "points.json", {"points": points()})
    write(folder, "rounding.json", {"rounding": rounding()})
    write(folder, "stochastic.json", {"stochastic": stochastic()})
    write(folder, "bytes.json", {"weights": stored(), "written": written()})
    write(folder, "blocks.json", blocks(dump))


if __name__ == "__main__":
    main()

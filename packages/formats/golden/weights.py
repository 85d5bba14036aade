"""The weights of the block vectors, made of integer arithmetic so that two languages agree to the bit.

Comes in: a number of weights. Goes out: float32 weights. The same function stands in golden-vectors.test.ts.
"""

import numpy as np

BLOCKS = 100_000


def mix(values: np.ndarray) -> np.ndarray:
    """MurmurHash3's 32-bit finalizer: every input bit moves every output bit."""
    h = values.astype(np.uint32)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h


def weights(block: int, narrow: bool) -> np.ndarray:
    """[BLOCKS, block] weights: sums of four uniforms, each block with an exponent of its own.

    Of the wide kind every 97th block is zero, every 53rd subnormal and every 59th near the end of f32's range.
    """
    count = BLOCKS * block
    index = np.arange(count, dtype=np.uint32)
    total = np.zeros(count, dtype=np.int64)
    for part in range(4):
        total += mix(index * np.uint32(4) + np.uint32(part + 1)) >> np.uint32(12)
    bell = (total - 2**21).astype(np.float64).reshape(BLOCKS, block)
    number = np.arange(BLOCKS, dtype=np.uint32)
    drawn = mix(number + np.uint32(0xABCDEF01)).astype(np.int64)
    exponent = drawn % (9 if narrow else 40) - (29 if narrow else 50)
    if not narrow:
        exponent = np.where(number % 53 == 5, drawn % 24 - 168, exponent)
        exponent = np.where(number % 59 == 7, drawn % 3 + 104, exponent)
    scale = np.ldexp(1.0, exponent)
    if not narrow:
        scale = np.where(number % 97 == 3, 0.0, scale)
    return (bell * scale[:, None]).astype(np.float32)

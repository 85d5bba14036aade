"""The PyTorch side of `lotion bench matmul`: one matrix product at a time on the CPU.

Answers requests line by line (lines.py).
"""

import json
import sys
import time

import torch
from lines import answer_lines


def numbers(shape, transposed):
    """The values of every side: ((7919 i) mod 1021) / 1021 - 1/2 in row-major order of the stored shape."""
    stored = shape[:-2] + [shape[-1], shape[-2]] if transposed else shape
    count = 1
    for extent in stored:
        count *= extent
    flat = ((torch.arange(count, dtype=torch.int64) * 7919) % 1021).double() / 1021 - 0.5
    matrix = flat.float().reshape(stored)
    return matrix.transpose(-2, -1) if transposed else matrix


OPERANDS = {}


def multiply(request):
    """Multiply `repeats` times on so many threads and tell the time of one product and three of its elements."""
    torch.set_num_threads(request["threads"])
    key = json.dumps([request["a"], request["b"], request["transposeA"], request["transposeB"]])
    if key not in OPERANDS:
        OPERANDS[key] = (
            numbers(request["a"], request["transposeA"]),
            numbers(request["b"], request["transposeB"]),
        )
    a, b = OPERANDS[key]
    start = time.perf_counter()
    for _ in range(request["repeats"]):
        c = a @ b
    milliseconds = (time.perf_counter() - start) * 1000 / request["repeats"]
    flat = c.flatten()
    sample = [float(flat[0]), float(flat[flat.numel() // 3]), float(flat[-1])]
    return {"milliseconds": milliseconds, "sample": sample}


if __name__ == "__main__":
    with torch.no_grad():
        sys.exit(answer_lines(lambda request: None, multiply))

"""What the Python sides of the benchmarks share: JSON lines in and out, tensors in safetensors files.

One request a line from standard input is answered with one JSON line: no request, no work, so that several programs can take turns
on the same cores. Source: the safetensors format.
"""

import ctypes
import json
import os
import signal
import sys

import torch


def read_tensors(path):
    """Read a safetensors file of F32 and I32 tensors: name -> tensor."""
    kinds = {"F32": torch.float32, "I32": torch.int32}
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(data, dtype=kinds[entry["dtype"]], count=(end - begin) // 4, offset=begin)
        tensors[name] = flat.reshape(entry["shape"]).clone()
    return tensors


def write_tensors(path, tensors):
    """Write float32 tensors as a safetensors file."""
    header, at = {}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * 4
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in tensors.values():
            dense = tensor.detach().contiguous()
            file.write(ctypes.string_at(dense.data_ptr(), dense.numel() * 4))


def bound_processors():
    """The processors of the threads that are bound to one."""
    bound = [os.sched_getaffinity(int(thread)) for thread in os.listdir("/proc/self/task")]
    return sorted({cpu for cpus in bound if len(cpus) == 1 for cpu in cpus})


def peak_memory():
    """Most bytes of this process that were resident at once."""
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) * 1024
    except FileNotFoundError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def opened(threads):
    """Set the threads; returns what identifies the build."""
    torch.set_num_threads(threads)
    return {"version": torch.__version__, "simd": torch.backends.cpu.get_cpu_capability()}


def answer_lines(open_, run):
    """Answer each request until the input ends: the first with what identifies the build, after `open_(request)`; others with the
    fields that `run(request)` returns. Returns an exit status."""

    def handle(request):
        if request["do"] == "open":
            build = opened(request["threads"])
            open_(request)
            return build
        if request["do"] == "processors":
            return {"processors": bound_processors() if sys.platform == "linux" else []}
        if request["do"] == "memory":
            return {"bytes": peak_memory()}
        return run(request)

    # Ctrl-C is meant for the comparison, which closes this process' input when it has stopped.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Answers keep the real standard output for themselves; whatever libraries print goes to standard error.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def answer(fields):
        answers.write(json.dumps(fields) + "\n")
        answers.flush()

    try:
        for line in sys.stdin:
            answer(handle(json.loads(line)))
    except Exception as error:  # noqa: BLE001 - the other side turns any failure into an error of its own
        answer({"error": f"{type(error).__name__}: {error}"})
        return 1
    return 0

"""The PyTorch side of `lotion bench kernels`: AdamW and LOTION + AdamW on one long row of weights, on the CPU.

AdamW is torch.optim.AdamW(fused=True). LOTION is written as one writes it in PyTorch, in eager mode (its slope added to the gradient of
the fused AdamW) and under torch.compile (one function), with the slope by autograd and by hand (lotion.py). All of it is the step
of @lotion/optim with `adamSecondMoment`. Answers requests line by line (lines.py). Source: LOTION, arXiv 2510.08757.
"""

import sys
import time

import torch
import torch._dynamo
from lines import answer_lines, read_tensors, write_tensors
from lotion import Lotion


def adamw(w, gradient, m, v, at):
    """AdamW as one function for the compiler, in place."""
    mean = m + (gradient - m) * (1 - at["beta1"])
    square = v + (gradient * gradient - v) * (1 - at["beta2"])
    along = mean * at["unbias1"] / ((square * at["unbias2"]).sqrt() + at["epsilon"])
    w.copy_(w - at["rate"] * (along + at["decay"] * w))
    m.copy_(mean)
    v.copy_(square)


class Weights:
    """The arrays that all steps share, and the steps."""

    def __init__(self, path, settings):
        # Every step is a function of its own to the compiler, but the same lines to its count of recompilations.
        for name in ("recompile_limit", "cache_size_limit"):
            if hasattr(torch._dynamo.config, name):
                setattr(torch._dynamo.config, name, 1000)
        self.start, self.settings, self.steps = read_tensors(path), settings, {}
        self.arrays = {name: torch.empty(settings["weights"]) for name in self.start}
        self.reset()
        t = settings["step"] + 1
        seen = 1 - settings["beta2"] ** settings["step"]
        # What changes from step to step is a tensor: the compiler would bake numbers in.
        changing = {
            "rate": settings["learningRate"],
            "unbias1": 1 / (1 - settings["beta1"] ** t),
            "unbias2": 1 / (1 - settings["beta2"] ** t),
            "curvature": settings["terms"] / seen,
            "strength": settings["strength"],
        }
        fixed = {name: settings[name] for name in ("beta1", "beta2", "epsilon", "decay")}
        self.at = {**fixed, **{name: torch.tensor(value) for name, value in changing.items()}}
        self.parameter = torch.nn.Parameter(self.arrays["w"], requires_grad=True)
        self.total = None
        self.optimizer = torch.optim.AdamW(
            [self.parameter],
            lr=settings["learningRate"],
            betas=(settings["beta1"], settings["beta2"]),
            eps=settings["epsilon"],
            weight_decay=settings["decay"],
            fused=True,
        )
        self.moments = {"exp_avg": self.arrays["m"], "exp_avg_sq": self.arrays["v"]}
        self.optimizer.state[self.parameter] = {"step": torch.tensor(float(settings["step"])), **self.moments}

    def reset(self):
        """Fill every array with its sequence, repeated."""
        for name, array in self.arrays.items():
            sequence = self.start[name]
            whole = array.numel() // sequence.numel() * sequence.numel()
            array[:whole].view(-1, sequence.numel()).copy_(sequence)
            array[whole:] = sequence[: array.numel() - whole]

    def rewind(self):
        self.reset()
        self.optimizer.state[self.parameter]["step"].fill_(self.settings["step"])

    def fused(self, gradient):
        self.parameter.grad = gradient
        self.optimizer.step()

    def make(self, lotion, how, slope):
        """Make a step of no arguments."""
        arrays, at = self.arrays, self.at
        if lotion is None:
            if how == "fused":
                return lambda: self.fused(arrays["g"])
            compiled = torch.compile(adamw, fullgraph=True, dynamic=False)
            return lambda: compiled(arrays["w"], arrays["g"], arrays["m"], arrays["v"], at)
        penalty = Lotion(**lotion)
        slope_of = penalty.slope_by_hand if slope == "hand" else penalty.slope_by_autograd
        if how == "eager":
            if self.total is None:
                self.total = torch.empty_like(arrays["g"])

            def eager():
                slope = slope_of(arrays["w"], arrays["v"] * at["curvature"])
                self.fused(torch.add(arrays["g"], slope.mul_(at["strength"]), out=self.total))

            return eager

        def whole(w, g, m, v, at):
            slope = slope_of(w, v * at["curvature"])
            adamw(w, g + slope * at["strength"], m, v, at)

        compiled = torch.compile(whole, fullgraph=True, dynamic=False)
        return lambda: compiled(arrays["w"], arrays["g"], arrays["m"], arrays["v"], at)

    def step(self, lotion, how, slope):
        """Take a step; returns its milliseconds."""
        key = repr((lotion, how, slope))
        if key not in self.steps:
            self.steps[key] = self.make(lotion, how, slope)
        run = self.steps[key]
        with torch.no_grad():
            start = time.perf_counter()
            run()
            return (time.perf_counter() - start) * 1000

    def ends(self, count):
        """The first and the last `count` values of what a step writes."""
        count = min(count, self.settings["weights"])
        return {name: torch.cat([self.arrays[name][:count], self.arrays[name][-count:]]) for name in ("w", "m", "v")}


OPENED = {}


def start(request):
    OPENED["weights"] = Weights(request["path"], request["settings"])


def step(request):
    """Take a step in one form; from the start, and write the ends of what it wrote, if there is a path."""
    weights, form = OPENED["weights"], (request["lotion"], request["how"], request["slope"])
    if "path" not in request:
        return {"milliseconds": weights.step(*form)}
    weights.rewind()
    milliseconds = weights.step(*form)
    write_tensors(request["path"], weights.ends(request["ends"]))
    return {"milliseconds": milliseconds}


if __name__ == "__main__":
    sys.exit(answer_lines(start, step))

"""The PyTorch side of `lotion bench checkpoint`: training steps in eager mode on the CPU, AdamW alone or with LOTION.

The gradient is clipped to a global norm; LOTION then adds its slope, with a Fisher of its own that averages the raw gradient:
`lotion()` of @lotion/optim over `clipByGlobalNorm`. Answers requests line by line (lines.py). Source: LOTION, arXiv 2510.08757.
"""

import sys
import time

import torch
from lines import answer_lines, read_tensors
from lotion import Lotion
from torch_engine import Decoder, fused_adamw


class Penalty:
    """LOTION's slope over the quantized matrices, and the moving average of their squared gradients."""

    def __init__(self, weights, format, quantized, terms, beta, strength):
        self.lotion = Lotion(**format)
        self.terms, self.beta, self.strength = terms, beta, strength
        self.squares = {weights[name]: torch.zeros_like(weights[name]) for name in quantized}
        self.steps = 0

    def clip_and_add(self, leaves, limit):
        """Clip the whole gradient and add the slope: one matrix after the other, so that each is read from memory once."""
        norms = torch.stack([torch.linalg.vector_norm(leaf.grad) for leaf in leaves])
        shorten = 1 / max(torch.linalg.vector_norm(norms).item() / limit, 1)
        self.steps += 1
        strength = self.strength / (1 - self.beta**self.steps)
        for leaf in leaves:
            squares = self.squares.get(leaf)
            if squares is None:
                leaf.grad.mul_(shorten)
                continue
            squares.mul_(self.beta).addcmul_(leaf.grad, leaf.grad, value=(1 - self.beta) * self.terms)
            leaf.grad.mul_(shorten)
            self.lotion.add_slope(leaf.grad, leaf, squares, strength)


class Training:
    """A model that is trained: it has no other copy of its weights."""

    def __init__(self, path, config, limit, lotion):
        tensors = read_tensors(path)
        self.tokens = tensors.pop("batch.x").long()
        self.targets = tensors.pop("batch.y").long().view(-1)
        self.decoder = Decoder(config, "sdpa")
        self.weights = {name: tensor.requires_grad_() for name, tensor in tensors.items()}
        self.leaves = list(self.weights.values())
        self.optimizer = fused_adamw(self.leaves, config["adamw"])
        self.limit = limit
        self.penalty = Penalty(self.weights, terms=self.targets.numel(), **lotion) if lotion else None

    def step(self):
        """Take one step. Returns the loss before it and its milliseconds; freeing the last gradients is not counted."""
        self.optimizer.zero_grad(set_to_none=True)
        start = time.perf_counter()
        loss = self.decoder.loss(self.weights, self.tokens, self.targets)
        loss.backward()
        with torch.no_grad():
            if self.penalty is None:
                torch.nn.utils.clip_grad_norm_(self.leaves, self.limit, foreach=True)
            else:
                self.penalty.clip_and_add(self.leaves, self.limit)
        self.optimizer.step()
        return loss.item(), (time.perf_counter() - start) * 1000


OPENED = {}


def start(request):
    OPENED["training"] = Training(request["path"], request["config"], request["limit"], request["lotion"])


def step(_):
    loss, milliseconds = OPENED["training"].step()
    return {"loss": loss, "milliseconds": milliseconds}


if __name__ == "__main__":
    sys.exit(answer_lines(start, step))

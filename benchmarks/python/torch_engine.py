"""The PyTorch side of `lotion bench engine`: the decoder of @lotion/models, in eager mode on the CPU.

Answers requests line by line (lines.py); tensors travel through safetensors files. Source: Llama, arXiv 2302.13971.
"""

import math
import sys
import time

import torch
from lines import answer_lines, read_tensors, write_tensors
from torch.nn import functional as F


class Decoder:
    """Loss of the decoder for one batch shape; what does not depend on the weights is made once, here."""

    def __init__(self, config, attention):
        self.config = config
        self.sdpa = attention == "sdpa"
        self.width = config["dimension"] // config["heads"]
        context = config["length"]
        frequencies = config["ropeBase"] ** (-torch.arange(0, self.width, 2, dtype=torch.float64) / self.width)
        angles = torch.outer(torch.arange(context, dtype=torch.float64), frequencies)
        self.cos = torch.cat([angles.cos(), angles.cos()], -1).float()
        self.sin = torch.cat([-angles.sin(), angles.sin()], -1).float()
        self.mask = torch.full((context, context), -math.inf).triu(1)

    def rotate(self, x):
        """Turn feature pairs (i, i + width / 2) by the angle of their position."""
        return x * self.cos + x.roll(self.width // 2, -1) * self.sin

    def attend(self, q, k, v):
        if self.sdpa:
            return F.scaled_dot_product_attention(q, k, v, is_causal=True)
        scores = q @ k.transpose(-2, -1) * (1 / math.sqrt(self.width)) + self.mask
        return scores.softmax(-1) @ v

    def attention(self, weights, at, x):
        batch, context, dimension = x.shape

        def heads(name):
            rows = F.linear(x, weights[f"{at}.{name}.weight"])
            return rows.view(batch, context, -1, self.width).transpose(1, 2)

        q, k, v = self.rotate(heads("q_proj")), self.rotate(heads("k_proj")), heads("v_proj")
        groups = q.shape[1] // k.shape[1]
        if groups > 1:
            k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
        merged = self.attend(q, k, v).transpose(1, 2).reshape(batch, context, dimension)
        return F.linear(merged, weights[f"{at}.o_proj.weight"])

    def norm(self, weights, name, x):
        return F.rms_norm(x, (x.shape[-1],), weights[f"{name}.weight"], self.config["epsilon"])

    def loss(self, weights, tokens, targets):
        """Mean cross-entropy in nats."""
        embedding = weights["model.embed_tokens.weight"]
        x = F.embedding(tokens, embedding)
        for layer in range(self.config["layers"]):
            at = f"model.layers.{layer}"
            x = x + self.attention(weights, f"{at}.self_attn", self.norm(weights, f"{at}.input_layernorm", x))
            y = self.norm(weights, f"{at}.post_attention_layernorm", x)
            gate = F.silu(F.linear(y, weights[f"{at}.mlp.gate_proj.weight"]))
            y = gate * F.linear(y, weights[f"{at}.mlp.up_proj.weight"])
            x = x + F.linear(y, weights[f"{at}.mlp.down_proj.weight"])
        head = embedding if self.config["tied"] else weights["lm_head.weight"]
        logits = F.linear(self.norm(weights, "model.norm", x), head)
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets)


def fused_adamw(leaves, settings):
    """The fastest AdamW of eager mode; matrices decay, norms do not."""
    leaves = list(leaves)
    groups = [
        {"params": [leaf for leaf in leaves if leaf.dim() >= 2], "weight_decay": settings["weightDecay"]},
        {"params": [leaf for leaf in leaves if leaf.dim() < 2], "weight_decay": 0.0},
    ]
    betas = (settings["beta1"], settings["beta2"])
    return torch.optim.AdamW(groups, lr=settings["learningRate"], betas=betas, eps=settings["epsilon"], fused=True)


class Trainer:
    """One model with weights of its own: a step is forward and backward, and AdamW if it was asked for."""

    def __init__(self, config, tensors, attention, adamw):
        self.decoder = Decoder(config, attention)
        self.tokens = tensors["batch.x"].long()
        self.targets = tensors["batch.y"].long().view(-1)
        self.weights = {
            name: tensor.clone().requires_grad_() for name, tensor in tensors.items() if not name.startswith("batch.")
        }
        self.optimizer = None
        if adamw is not None:
            self.optimizer = fused_adamw(self.weights.values(), adamw)

    def step(self):
        """Take one step. Returns the loss and the milliseconds that it took; freeing the last gradients is not counted."""
        for leaf in self.weights.values():
            leaf.grad = None
        start = time.perf_counter()
        loss = self.decoder.loss(self.weights, self.tokens, self.targets)
        loss.backward()
        if self.optimizer is not None:
            self.optimizer.step()
        value = loss.item()
        return value, (time.perf_counter() - start) * 1000

    def results(self):
        """The weights after an AdamW step, otherwise the gradients."""
        if self.optimizer is not None:
            return self.weights
        return {name: leaf.grad for name, leaf in self.weights.items()}


TRAINERS, START = {}, {}


def start(request):
    START.update(config=request["config"], tensors=read_tensors(request["path"]))


def step(request):
    """Take a step of one kind; write what it computed if there is a path."""
    key = request["attention"], request["adamw"]
    if key not in TRAINERS:
        adamw = START["config"]["adamw"] if request["adamw"] else None
        TRAINERS[key] = Trainer(START["config"], START["tensors"], request["attention"], adamw)
    loss, milliseconds = TRAINERS[key].step()
    if "path" in request:
        write_tensors(request["path"], TRAINERS[key].results())
    return {"loss": loss, "milliseconds": milliseconds}


if __name__ == "__main__":
    sys.exit(answer_lines(start, step))

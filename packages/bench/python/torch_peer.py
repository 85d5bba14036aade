"""The PyTorch side of `lotion bench engine`: the decoder of @lotion/models, in eager mode on the CPU.

Reads one JSON request a line from standard input and answers each with one JSON line: no request, no work, so that
several engines can take turns on the same cores. Tensors travel through safetensors files. Source: Llama, arXiv 2302.13971.
"""

import ctypes
import json
import math
import os
import signal
import sys
import time

import torch
from torch.nn import functional as F


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
            leaves = self.weights.values()
            groups = [
                {"params": [leaf for leaf in leaves if leaf.dim() >= 2], "weight_decay": adamw["weightDecay"]},
                {"params": [leaf for leaf in leaves if leaf.dim() < 2], "weight_decay": 0.0},
            ]
            betas = (adamw["beta1"], adamw["beta2"])
            self.optimizer = torch.optim.AdamW(
                groups, lr=adamw["learningRate"], betas=betas, eps=adamw["epsilon"], fused=True
            )

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


def serve(requests, answer):
    """Answer requests until the input ends."""
    trainers, config, tensors = {}, None, None
    for line in requests:
        request = json.loads(line)
        if request["do"] == "open":
            config, tensors = request["config"], read_tensors(request["path"])
            torch.set_num_threads(config["threads"])
            answer(version=torch.__version__, threads=torch.get_num_threads(), simd=torch.backends.cpu.get_cpu_capability())
            continue
        key = request["attention"], request["adamw"]
        if key not in trainers:
            trainers[key] = Trainer(config, tensors, request["attention"], config["adamw"] if request["adamw"] else None)
        loss, milliseconds = trainers[key].step()
        if "path" in request:
            write_tensors(request["path"], trainers[key].results())
        answer(loss=loss, milliseconds=milliseconds)


def main():
    # Ctrl-C is meant for the comparison, which closes this process' input when it has stopped.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Answers keep the real standard output for themselves; whatever libraries print goes to standard error.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def answer(**fields):
        answers.write(json.dumps(fields) + "\n")
        answers.flush()

    try:
        serve(sys.stdin, answer)
    except Exception as error:  # noqa: BLE001 - the other side turns any failure into an error of its own
        answer(error=f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Judge folders that `lotion export` wrote by the packages that will load them.

Usage: judge_exports.py FOLDER... prints a JSON object by the names of the folders:
  files     SHA-256 of the files that were judged
  weights   SHA-256 of every weight as decoded, f32 little-endian, +0 for -0, matrices [out, in]: by transformers where
            the file has plain numbers, by the decompressors of compressed-tensors, by NumPy from MLX's documented layout
  flipped   of one packed weight: the same with the lowest bit of its last byte of codes turned
  logits    of the last two of IDS, f32 in base64, by the model that transformers loads; none for MLX
  texts     SHA-256 of the ids of texts.json beside the folders by transformers' AutoTokenizer, as JSON
A folder without config.json is a tokenizer alone.
"""

import base64
import hashlib
import json
import os
import sys

import numpy as np
import torch
from compressed_tensors.compressors import BaseCompressor
from compressed_tensors.quantization import QuantizationScheme
from safetensors import safe_open
from transformers import AutoModelForCausalLM, AutoTokenizer, CompressedTensorsConfig
from transformers.pytorch_utils import Conv1D

IDS = [5, 17, 200, 44, 250, 31, 9, 255]
E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6], dtype=np.float32)


def digest(values):
    return hashlib.sha256((np.ascontiguousarray(values, dtype="<f4") + np.float32(0)).tobytes()).hexdigest()


def file_digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def tensors_of(folder):
    tensors = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".safetensors"):
            with safe_open(os.path.join(folder, name), framework="pt") as file:
                tensors |= {key: file.get_tensor(key) for key in file.keys()}
    return tensors


def decompressed(config, tensors):
    """Every packed weight by the decompressor of its format; all others as they are."""
    packed = {name.removesuffix(".weight_packed") for name in tensors if name.endswith(".weight_packed")}
    weights = {}
    for group in config["quantization_config"]["config_groups"].values():
        scheme = QuantizationScheme.model_validate(group)
        for module in sorted(packed):
            if module in group["targets"] or group["targets"] == ["Linear"]:
                state = {
                    name[len(module) + 1 :]: tensor for name, tensor in tensors.items() if name.startswith(module + ".weight")
                }
                compressor = BaseCompressor.get_value_from_registry(group["format"])
                weights[module + ".weight"] = compressor.decompress(state, scheme)["weight"].float().numpy()
    for name, tensor in tensors.items():
        if not any(name.startswith(module + ".weight") for module in packed):
            weights[name] = tensor.float().numpy()
    return weights


def mlx(config, tensors):
    """https://ml-explore.github.io/mlx/build/html/python/_autosummary/mlx.core.quantize.html"""
    weights = {}
    for name, tensor in tensors.items():
        if name.endswith((".scales", ".biases")):
            continue
        module = name.removesuffix(".weight")
        if module + ".scales" not in tensors:
            weights[name] = tensor.float().numpy()
            continue
        scheme = config["quantization"].get(module, config["quantization"])
        bits, group = scheme["bits"], scheme["group_size"]
        words = tensor.numpy().view(np.uint32)
        codes = (words[..., None] >> np.arange(0, 32, bits, dtype=np.uint32)) & np.uint32(2**bits - 1)
        codes = codes.reshape(words.shape[0], -1)
        scales = tensors[module + ".scales"].numpy()
        if scheme["mode"] == "mxfp4":
            values = E2M1[codes] * np.repeat(np.ldexp(np.float32(1), scales.astype(np.int32) - 127), group, axis=1)
        else:
            biases = tensors[module + ".biases"].numpy()
            values = codes.astype(np.float32) * np.repeat(scales, group, axis=1) + np.repeat(biases, group, axis=1)
        weights[name] = values.astype(np.float32)
    return weights


def plain(model):
    turned = {name + ".weight" for name, module in model.named_modules() if isinstance(module, Conv1D)}
    return {
        name: (value.T if name in turned else value).detach().float().numpy() for name, value in model.named_parameters()
    }


def computed(folder, **options):
    model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", **options).eval()
    with torch.no_grad():
        return model, model(torch.tensor([IDS])).logits[0, -2:].float().numpy()


def ids_of(folder):
    with open(os.path.join(folder, "..", "texts.json"), encoding="utf8") as file:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        ids = [tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"] for text in json.load(file)]
    return hashlib.sha256(json.dumps(ids, separators=(",", ":")).encode()).hexdigest()


def judge(folder):
    result = {"files": {name: file_digest(os.path.join(folder, name)) for name in sorted(os.listdir(folder))}}
    result["texts"] = ids_of(folder)
    if "config.json" not in result["files"]:
        return result
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    tensors = tensors_of(folder)
    decode = decompressed if "quantization_config" in config else mlx if "quantization" in config else None
    if decode is not mlx:
        model, logits = computed(folder)
        groups = config.get("quantization_config", {}).get("config_groups", {})
        if len(groups) == 1 and groups["group_0"]["weights"]["type"] == "float":
            # As the folder says, transformers computes E2M1 in bf16; in f32 where it is asked to.
            _, logits = computed(folder, dtype=torch.float32, quantization_config=CompressedTensorsConfig(dequantize=True))
        result["logits"] = base64.b64encode(np.ascontiguousarray(logits, dtype="<f4").tobytes()).decode()
    weights = decode(config, tensors) if decode else plain(model)
    result["weights"] = {name: digest(value) for name, value in sorted(weights.items())}
    if decode:
        name = next(name for name in sorted(tensors) if name.endswith((".weight_packed", ".weight")) and not tensors[name].is_floating_point())
        tensors[name].view(torch.uint8)[-1, -1] ^= 1
        module = name.removesuffix("_packed")
        result["flipped"] = {"name": module, "sha256": digest(decode(config, tensors)[module])}
    return result


def main():
    torch.set_num_threads(1)
    folders = sys.argv[1:]
    print(json.dumps({os.path.basename(os.path.normpath(folder)): judge(folder) for folder in folders}, indent=1))


main()

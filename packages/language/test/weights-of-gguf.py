# What transformers makes of GGUF files. Comes in: paths of files. Goes out: JSON, by path the sha256 of each
# tensor's f32 numbers, -0 as 0; matrices of GPT-2 turned to [out, in].
# Source: PyPI transformers, gguf, accelerate, torch.
import hashlib
import json
import os
import re
import sys

import torch
from transformers import AutoModelForCausalLM

found = {}
for path in sys.argv[1:]:
    folder, name = os.path.split(path)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    tied = model.config.tie_word_embeddings
    tensors = {}
    for key, weight in model.state_dict().items():
        if key == 'lm_head.weight' and tied or not weight.is_floating_point():
            continue
        if re.search(r'\.(c_attn|c_proj|c_fc)\.weight$', key):
            weight = weight.T
        numbers = (weight.detach().float() + 0.0).contiguous().numpy()
        tensors[key] = hashlib.sha256(numbers.tobytes()).hexdigest()
    found[path] = tensors
print(json.dumps(found))

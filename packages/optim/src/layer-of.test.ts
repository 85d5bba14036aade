import { blockOf, layoutOf, type BlockAxis, type Shape } from '@lotion/core'
import { bitsPerWeight, int4 } from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { layerOf, wordsOf } from './layer-of.js'
import { byName, quantizedAxes } from './quantize-rule.js'

describe('wordsOf', () => {
  it('splits at dots, slashes, dashes, underscores, digits and capitals', () => {
    expect(wordsOf('h.10.attn/c_attn.weight')).toEqual([['h'], ['attn'], ['c', 'attn'], ['weight']])
    expect(wordsOf('dense_Dense1/kernel_2')).toEqual([['dense', 'dense'], ['kernel']])
    expect(wordsOf('encoderLayer2.selfAttn-QKVProj')).toEqual([
      ['encoder', 'layer'],
      ['self', 'attn', 'qkv', 'proj'],
    ])
    expect(wordsOf('LayerNorm')).toEqual([['layer', 'norm']])
    expect(wordsOf('')).toEqual([])
    expect(wordsOf('0.1')).toEqual([])
  })
})

describe('what stays in full precision', () => {
  it.each<[name: string, shape: Shape, reason: string]>([
    ['transformer.wte.weight', [50257, 768], 'an embedding'],
    ['wpe.weight', [1024, 768], 'an embedding'],
    ['token_embd.weight', [32000, 64], 'an embedding'],
    ['model.embed_tokens.weight', [100, 8], 'an embedding'],
    ['embedding_Embedding1/embeddings', [100, 8], 'an embedding'],
    ['vision.patchEmbedding.proj.weight', [64, 3, 16, 16], 'an embedding'],
    ['shared.weight', [32128, 512], 'an embedding'],
    ['output.weight', [32000, 64], 'the head'],
    ['lm_head.weight', [32000, 64], 'the head'],
    ['lm_head_weight', [32000, 64], 'the head'],
    ['heads.head.weight', [1000, 64], 'the head'],
    ['transformer.output_layer.weight', [1000, 64], 'the head'],
    ['cls_token', [1, 1, 32], 'a learned token'],
    ['decoder.mask_tokens.weight', [4, 32], 'a learned token'],
    ['model.layers.0.mixer.A_log', [64, 16], 'a logarithm of rates'],
    ['model.layers.0.mlp.gate.weight', [8, 64], 'a router'],
    ['block/router/kernel', [64, 8], 'a router'],
    ['moe/gate/kernel', [64, 8], 'a router'],
    ['blk.0.ffn_gate_inp.weight', [8, 64], 'a router'],
    ['layers.0.post_attention_layernorm.weight', [1, 64], 'a norm'],
    ['ln_f.weight', [2, 64], 'a norm'],
    ['norm1.weight', [2, 64], 'a norm'],
    ['decoder.relative_attention_bias.weight', [32, 8], 'a bias'],
    ['mlp.up.bias', [8, 1], 'a bias'],
    ['blocks.0.att.time_mix_k', [1, 1, 64], 'a vector'],
    ['dense/kernel', [64], 'a vector'],
  ])('%s', (name, shape, reason) => {
    expect(layerOf({ name, shape }).fullPrecision).toBe(reason)
    expect(byName()({ name, shape })).toBeNull()
  })
})

describe('what is quantized, and along which axes', () => {
  it.each<[name: string, shape: Shape, axis: BlockAxis]>([
    ['multi_head_attention/query/kernel', [64, 4, 16], 0],
    ['multi_head_attention/attention_output/kernel', [4, 16, 64], [0, 1]],
    ['attention_head/kernel', [64, 64], 0],
    ['bottleneck_norm_proj/kernel', [64, 64], 0],
    ['normal_map_conv.weight', [8, 4, 3, 3], [1, 3]],
    ['heads.0.q.weight', [64, 64], -1],
    ['bert.encoder.layer.3.attention.output.dense.weight', [64, 64], -1],
    ['blk.0.attn_output.weight', [64, 64], -1],
    ['model.layers.0.mlp.gate_proj.weight', [256, 64], -1],
    ['mlp.gate.weight', [256, 64], -1],
    ['blk.0.ffn_gate.weight', [256, 64], -1],
    ['mlp.shared_expert.up_proj.weight', [256, 64], -1],
    ['conv2d_Conv2D1/kernel', [3, 3, 16, 32], [0, 2]],
    ['conv1d/kernel', [5, 16, 32], [0, 1]],
    ['conv3d/kernel', [3, 3, 3, 16, 32], [0, 3]],
    ['depthwise_conv2d/depthwise_kernel', [3, 3, 16, 2], [0, 1]],
    ['conv2d_transpose/kernel', [3, 3, 32, 16], -1],
    ['gru_GRU1/recurrent_kernel', [64, 192], 0],
    ['features.0.weight', [32, 16, 3, 3], [1, 3]],
    ['conv1.weight', [128, 129, 3], [1, 2]],
    ['final_conv.weight', [1, 128, 1], [1, 2]],
    ['volume.weight', [8, 4, 3, 3, 3], [1, 4]],
    ['up.conv_transpose.weight', [16, 32, 2, 2], 0],
    ['experts.down_proj.weight', [8, 64, 256], -1],
    ['blk.0.ffn_up_exps.weight', [8, 256, 64], -1],
    ['moe/experts/kernel', [8, 64, 256], -2],
    ['lstm.weight_ih_l0', [64, 16], -1],
    ['matrix', [2, 6], -1],
  ])('%s', (name, shape, axis) => {
    expect(layerOf({ name, shape })).toEqual({ axis })
    expect(quantizedAxes(byName(), { [name]: shape })).toEqual(new Map([[name, axis]]))
  })

  it('gives every expert blocks of its own, an embedding blocks by row, where they are asked for', () => {
    const experts = layoutOf([4, 8, 40], blockOf(32), layerOf({ name: 'experts.w', shape: [4, 8, 40] }).axis)
    expect(experts).toMatchObject({ outer: 32, length: 40, inner: 1 })
    const rule = byName({ exclude: /head/ })
    expect(rule({ name: 'embedding/embeddings', shape: [100, 64] })).toEqual({ axis: -1 })
    expect(rule({ name: 'lm_head.weight', shape: [100, 64] })).toBeNull()
    expect(rule({ name: 'embed.bias', shape: [100] })).toBeNull()
  })

  it('costs a convolution with narrow kernels what the format says', () => {
    const shape = [128, 129, 3]
    expect(bitsPerWeight(int4, shape, layerOf({ name: 'conv1.weight', shape }).axis)).toBeLessThan(5.1)
    expect(bitsPerWeight(int4, shape, -1)).toBeGreaterThan(14)
  })
})

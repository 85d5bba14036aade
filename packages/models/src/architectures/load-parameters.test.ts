// A checkpoint that is not the model's is refused by name; what files of transformers have besides weights is
// known.

import type { Shape, Tree } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { gpt2 } from '../gpt2.js'
import { llama } from '../llama.js'
import { gpt2Architecture } from './gpt2.js'
import { checkTensors } from './check-tensors.js'
import type { CausalModel } from './define-architecture.js'
import { loadParameters, type ParameterSource } from './load-parameters.js'
import { storedTensors } from './stored-tensors.js'

const extents = { vocabulary: 9, dimension: 8, layers: 2, heads: 2, context: 4 }
const decoder = llama({ ...extents, hidden: 12 })
const tied = llama({ ...extents, hidden: 12, tied: true })
const fused = gpt2({ ...extents, positions: 6 })

const shapesOf = (model: CausalModel): Record<string, { shape: Shape }> =>
  Object.fromEntries(Object.entries(model.shapes).map(([name, shape]) => [name, { shape }]))

/** A checkpoint in memory; values are told apart by their place. */
function source(tensors: Tree<{ readonly shape: Shape }>, values: Tree<Float32Array>): ParameterSource {
  return { tensors, read: async (name) => values[name]! }
}

describe('checkTensors', () => {
  it('names what is missing, too much or misshapen, and how many more', () => {
    const { 'model.norm.weight': _, 'lm_head.weight': __, ...some } = shapesOf(decoder)
    const found = {
      ...some,
      'model.layers.0.mlp.up_proj.weight': { shape: [8, 12] },
      'model.layers.2.mlp.up_proj.weight': { shape: [12, 8] },
    }
    expect(() => checkTensors(decoder, found)).toThrow(
      new RangeError(
        'checkpoint: expected the 21 tensors of a model of the architecture llama, found 20: ' +
          "'model.layers.0.mlp.up_proj.weight' has the shape [8, 12], expected [12, 8]; " +
          "'model.layers.2.mlp.up_proj.weight' [12, 8] is no tensor of the model; " +
          "'model.norm.weight' [8] is missing; and 1 more",
      ),
    )
    const { 'lm_head.weight': ___, ...headless } = shapesOf(decoder)
    expect(() => checkTensors(decoder, headless)).toThrow(
      "'lm_head.weight' [9, 8] is missing (tie_word_embeddings: true would share the embedding)",
    )
  })

  it('takes names without the prefix, and skips what is computed', () => {
    const bare = Object.fromEntries(
      Object.entries(shapesOf(tied)).map(([name, tensor]) => [name.replace(/^model\./, ''), tensor]),
    )
    const rotary = 'layers.0.self_attn.rotary_emb.inv_freq'
    const { parameters, skipped } = checkTensors(tied, { ...bare, [rotary]: { shape: [2] } })
    expect(parameters['model.norm.weight']).toEqual({
      parameter: 'model.norm.weight',
      name: 'norm.weight',
      shape: [8],
      transposed: false,
    })
    expect(skipped).toEqual([rotary])
    const twice = { ...shapesOf(tied), 'norm.weight': { shape: [8] } }
    expect(() => checkTensors(tied, twice)).toThrow(
      "'model.norm.weight' is there twice, also as 'norm.weight'",
    )
  })
})

describe('loadParameters', () => {
  it('turns matrices that are stored [in, out], and knows the masks of GPT-2', async () => {
    const weights = fused.init(1)
    const stored = storedTensors(fused, gpt2Architecture)
    const tensors: Record<string, { shape: Shape }> = {
      'h.0.attn.bias': { shape: [1, 1, 6, 6] },
      'h.1.attn.masked_bias': { shape: [] },
    }
    const values: Record<string, Float32Array> = {}
    for (const [name, { shape, transposed }] of Object.entries(stored)) {
      const bare = name.replace(/^transformer\./, '')
      tensors[bare] = { shape }
      const [rows = 1, columns = 1] = shape
      const from = weights[name]!
      values[bare] = transposed
        ? Float32Array.from(from, (_, i) => from[(i % columns) * rows + Math.floor(i / columns)]!)
        : from
    }
    expect(stored['transformer.h.0.attn.c_attn.weight']).toMatchObject({ shape: [8, 24], transposed: true })
    expect(await loadParameters(fused, source(tensors, values))).toEqual(weights)
  })

  it('reads the parameters that are asked for alone, of a checkpoint that is checked whole', async () => {
    const weights = decoder.init(1)
    const asked: string[] = []
    const counted = (tensors: ParameterSource['tensors']): ParameterSource => ({
      tensors,
      read: async (name) => (asked.push(name), weights[name]!),
    })
    const only = ['model.norm.weight']
    expect(await loadParameters(decoder, counted(shapesOf(decoder)), { only })).toEqual({
      'model.norm.weight': weights['model.norm.weight'],
    })
    expect(asked).toEqual(only)
    const { 'lm_head.weight': _, ...headless } = shapesOf(decoder)
    await expect(loadParameters(decoder, counted(headless), { only })).rejects.toThrow('lm_head.weight')
    await expect(
      loadParameters(decoder, counted(shapesOf(decoder)), { only: ['norm.weight'] }),
    ).rejects.toThrow("parameters: 'norm.weight' is missing")
  })

  it('takes a stored head only if it is the embedding', async () => {
    const weights = { ...tied.init(1) }
    const tensors = { ...shapesOf(tied), 'lm_head.weight': { shape: [9, 8] } }
    const same = source(tensors, { ...weights, 'lm_head.weight': weights['model.embed_tokens.weight']! })
    expect(await loadParameters(tied, same)).toEqual(weights)
    const other = source(tensors, { ...weights, 'lm_head.weight': new Float32Array(72) })
    await expect(loadParameters(tied, other)).rejects.toThrow(
      /^'lm_head.weight': expected the weights of 'model.embed_tokens.weight', which the head shares, found 0 instead of .* at 0; a head of its own needs tie_word_embeddings: false/,
    )
  })

  it('writes to arrays that are given, and refuses other lengths', async () => {
    const weights = decoder.init(1)
    const whole = source(shapesOf(decoder), weights)
    const into = Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [name, new Float32Array(values.length)]),
    )
    expect((await loadParameters(decoder, whole, { into }))['model.norm.weight']).toBe(
      into['model.norm.weight'],
    )
    expect(into).toEqual(weights)
    await expect(loadParameters(decoder, whole, { into: {} })).rejects.toThrow(
      "into: 'model.embed_tokens.weight': expected 72 values, found none",
    )
    const short = source(shapesOf(decoder), { ...weights, 'model.norm.weight': new Float32Array(3) })
    await expect(loadParameters(decoder, short)).rejects.toThrow(
      "'model.norm.weight': expected 8 values, found 3",
    )
  })
})

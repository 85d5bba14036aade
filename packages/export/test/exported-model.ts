// Models to be exported by tests. Comes in: a model, formats. Goes out: what openExport would make of its
// run, weights that a cast finds hard among them.

import { normals, sizeOf, type NumberFormat, type Shape } from '@lotion/core'
import { nearestOf } from '@lotion/checkpoints/internal'
import { dequantize, type Quantized } from '@lotion/formats'
import { configOf, type CausalModel } from '@lotion/models'
import { byteTokenizer, tokenizerFiles } from '@lotion/text'
import type { ExportModel, ExportTensor } from '../src/index.js'

/** How the weights of a model are made. */
export interface ExportedModelOptions {
  /** Of the weights that are cast. Default: none is. */
  readonly format?: NumberFormat
  /** Which are cast. Default: matrices but for embeddings and heads. */
  readonly cast?: (name: string, shape: Shape) => boolean
  /** Factor on the third block of 32 of each matrix; its scale is subnormal in f16. Default 0.001. */
  readonly small?: number
}

/** A model with its weights at hand. */
export interface ExportedModel extends ExportModel {
  /** Those of the cast, by name. */
  readonly weights: Readonly<Record<string, Float32Array>>
}

const tokenizer = await tokenizerFiles(byteTokenizer())

const isInner = (name: string, shape: Shape): boolean =>
  shape.length === 2 && !/embed_tokens|wte|wpe|lm_head/.test(name)

/** Make a model of random weights; in each matrix a block of zeros, and one whose scale is subnormal. */
export function exportedModel(
  model: CausalModel,
  { format, cast = isInner, small = 0.001 }: ExportedModelOptions = {},
): ExportedModel {
  const seed = 1
  const start = model.init(seed)
  const weights: Record<string, Float32Array> = {}
  const tensors = Object.entries(model.shapes).map(([name, shape]): ExportTensor => {
    const data = Float32Array.from(start[name]!)
    // Gains and biases that are not 1 and 0.
    if (shape.length === 1)
      normals({ seed, stream: name }, sizeOf(shape)).forEach((x, i) => (data[i]! += 0.1 * x))
    const isCast = format !== undefined && cast(name, shape)
    if (isCast) {
      data.fill(0, 0, 32)
      for (let i = 64; i < 96; i++) data[i]! *= small
    }
    const grid = isCast ? { format, axis: -1 } : undefined
    const quantized: Quantized | undefined = grid && nearestOf(data, shape, grid)
    const kept = (weights[name] = quantized ? dequantize(quantized) : data)
    return {
      name,
      shape,
      ...(grid ? { grid } : {}),
      read: async () => kept,
      quantized: async () => {
        if (quantized) return quantized
        throw new RangeError(`${name}: not cast`)
      },
    }
  })
  return {
    name: 'test',
    config: configOf(model),
    tokenizer,
    ends: [],
    tensors,
    weights,
  }
}

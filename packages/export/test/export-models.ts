// Small models with random weights, cast, as they are exported: GQA, heads of their own width, tied and not;
// among the scales those that are hard. Comes in: a model, a format. Goes out: an `ExportModel`.

import { nearestOf } from '@lotion/checkpoints/internal'
import type { NumberFormat, Shape } from '@lotion/core'
import { dequantize, type Quantized } from '@lotion/formats'
import { configOf, gpt2, llama, type CausalModel } from '@lotion/models'
import { byteTokenizer, tokenizerFiles, type Tokenizer } from '@lotion/text'
import type { ExportModel, ExportTensor } from '../src/index.js'

/** All of 256 bytes as ids. */
const extents = { vocabulary: 256, dimension: 64, layers: 2, heads: 4, context: 64 }
const rope = {
  type: 'llama3',
  factor: 8,
  lowFrequencyFactor: 1,
  highFrequencyFactor: 4,
  originalContext: 8192,
} as const

/** One of each kind; more than 100,000 weights each. */
export const models: Readonly<Record<string, CausalModel>> = {
  'llama, tied, two heads of keys': llama({ ...extents, hidden: 192, kvHeads: 2, tied: true }),
  'llama, heads of 32, a head of its own': llama({ ...extents, hidden: 192, headDimension: 32 }),
  'llama, biases, scaled frequencies': llama({
    ...extents,
    hidden: 192,
    biases: ['qkv', 'output', 'mlp'],
    ropeBase: 500_000,
    ropeScaling: rope,
  }),
  'llama, stretched positions': llama({
    ...extents,
    hidden: 192,
    ropeScaling: { type: 'linear', factor: 2 },
  }),
  qwen2: llama({ ...extents, hidden: 192, kvHeads: 2, biases: ['qkv'] }),
  qwen3: llama({ ...extents, hidden: 192, kvHeads: 2, headDimension: 32, qkNorm: true, tied: true }),
  gpt2: gpt2(extents),
  'gpt2, a head of its own': gpt2({ ...extents, tied: false }),
}

/** How a model is made. */
interface Wish {
  /** Matrices are cast to it; vectors, and matrices of `keep`, are not. Default: nothing is. */
  readonly format?: NumberFormat
  /** Names of matrices that are on no grid. Default: none. */
  readonly keep?: RegExp
  readonly tokenizer?: Tokenizer
  readonly ends?: readonly number[]
  /** Weights that go in; default those of seed 1, with hard blocks. */
  readonly weights?: Readonly<Record<string, Float32Array>>
}

/** Blocks of zeros, and of weights that are so small that their scales are subnormal in f16, or 2^-127. */
const factors = [0, 1e-6, 2 ** -124, 2 ** -126, 1]

/** Random weights of a model, the first blocks of each matrix hard. */
function hardWeights(model: CausalModel): Readonly<Record<string, Float32Array>> {
  const weights = model.init(1)
  for (const [name, data] of Object.entries(weights)) {
    // As large as in a model that has learned: biases begin as 0 and gains as 1.
    if (model.shapes[name]!.length === 1)
      data.forEach((value, i) => (data[i] = value + 0.1 * Math.sin(i + name.length)))
    else factors.forEach((factor, block) => scale(data.subarray(32 * block, 32 * block + 32), factor))
  }
  return weights
}

function scale(block: Float32Array, factor: number): void {
  block.forEach((value, i) => (block[i] = value * factor))
}

/** A model as targets take it. */
export async function exportModel(model: CausalModel, wish: Wish = {}): Promise<ExportModel> {
  const { format, keep, tokenizer = byteTokenizer(), ends = [], weights = hardWeights(model) } = wish
  return {
    name: 'random',
    config: configOf(model),
    tokenizer: await tokenizerFiles(tokenizer),
    ends,
    tensors: Object.entries(model.shapes).map(([name, shape]) => {
      const isCast = format !== undefined && shape.length > 1 && keep?.test(name) !== true
      return exportTensor(name, shape, weights[name]!, isCast ? format : undefined)
    }),
  }
}

function exportTensor(
  name: string,
  shape: Shape,
  data: Float32Array,
  format: NumberFormat | undefined,
): ExportTensor {
  if (format === undefined)
    return {
      name,
      shape,
      read: async () => data,
      quantized: () => Promise.reject(new RangeError(`'${name}': expected a weight that was cast`)),
    }
  const grid = { format, axis: -1 }
  let cast: Quantized | undefined
  const quantized = async (): Promise<Quantized> => (cast ??= nearestOf(data, shape, grid))
  return { name, shape, grid, quantized, read: async () => dequantize(await quantized()) }
}

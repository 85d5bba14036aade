// A model small enough to train in a test: two parameters, one of them quantized, and batches that are drawn
// by step. Comes in: what a test changes. Goes out: options of `fit`, and the bits of what it trains.

import { blockOf, mapTree, normals, type Batch, type GradientStep, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4, withBlock } from '@lotion/formats'
import { adamw } from '../src/adamw.js'
import { clipByGlobalNorm } from '../src/clip-by-global-norm.js'
import { fit, type FitOptions } from '../src/fit.js'
import { ptq } from '../src/ptq.js'
import { byName } from '../src/quantize-rule.js'
import { cosine } from '../src/schedule.js'

export const executor = cpuExecutor()
export const format = withBlock(int4, blockOf(4))
export const shapes = { matrix: [3, 6], bias: [4] }

/** Weights of the start, made anew. */
export const start = (): Tree<Float32Array> => ({
  matrix: normals({ seed: 1, stream: 'matrix' }, 18),
  bias: normals({ seed: 1, stream: 'bias' }, 4),
})

/** Batches of noise, drawn by step; `spoiled` steps hold a NaN in the given parameter's noise. */
export const batchesOf =
  (spoiled: readonly number[] = [], name: 'matrix' | 'bias' = 'bias') =>
  (step: number): Batch => {
    const noise = (stream: string, size: number): Float32Array => normals({ seed: 9, stream, step }, size)
    const batch = { matrix: noise('matrix', 18), bias: noise('bias', 4) }
    if (spoiled.includes(step)) batch[name][1] = Number.NaN
    return { matrix: { data: batch.matrix, shape: [3, 6] }, bias: { data: batch.bias, shape: [4] } }
  }

/** ½ Σ (w − noise)²: gradient w − noise, curvature 1. Remembers the points it was asked for. */
export function bowl(points: Tree<Float32Array>[] = []): GradientStep<Float32Array> {
  return {
    name: 'bowl',
    delivers: ['curvature'],
    run: (params, batch) => {
      points.push(mapTree(params, (w) => w.slice()))
      const gradients = mapTree(params, (w, name) => w.map((value, i) => value - batch[name]!.data[i]!))
      const loss = Object.values(gradients).reduce((sum, g) => g.reduce((s, v) => s + (v * v) / 2, sum), 0)
      return Promise.resolve({
        loss,
        terms: 8,
        gradients,
        signals: { curvature: mapTree(params, (w) => w.map(() => 1)) },
      })
    },
    close: () => Promise.resolve(),
  }
}

/** ½ Σ w², without noise; it delivers a curvature that may be another than its own 1. */
export const curvedBowl = (curvature: number): GradientStep<Float32Array> => ({
  ...bowl(),
  run: (params) =>
    Promise.resolve({
      loss: Object.values(params).reduce((sum, w) => w.reduce((s, v) => s + (v * v) / 2, sum), 0),
      terms: 1,
      gradients: mapTree(params, (w) => w.slice()),
      signals: { curvature: mapTree(params, (w) => w.map(() => curvature)) },
    }),
})

/** Options of `fit` with what a test changes. */
export const base = (overrides: Partial<FitOptions<Float32Array>> = {}): FitOptions<Float32Array> => ({
  params: start(),
  shapes,
  gradientStep: bowl(),
  batches: batchesOf(),
  method: ptq({ format }),
  quantize: byName(),
  optimizer: adamw({ learningRate: cosine(0.1, { warmup: 0.2 }), weightDecay: 0.1 }),
  before: [clipByGlobalNorm(3)],
  steps: 12,
  seed: 4,
  executor,
  ...overrides,
})

/** The trained weights' bits: equal only if every bit is, signs of zeros included. */
export async function train(
  overrides: Partial<FitOptions<Float32Array>> = {},
): Promise<Tree<readonly number[]>> {
  const options = base(overrides)
  await fit(options)
  return mapTree(options.params, bitsOf)
}

/** Bits of single-precision numbers. */
export const bitsOf = (w: Float32Array): readonly number[] =>
  Array.from(new Uint32Array(w.buffer, w.byteOffset, w.length))

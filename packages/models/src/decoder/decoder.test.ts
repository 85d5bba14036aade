// Rows that hold several documents are evaluated as if each document were alone.

import type { Tree } from '@lotion/core'
import '@lotion/tfjs/gradients'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CausalModel } from '../architectures/define-architecture.js'
import { gpt2 } from '../gpt2.js'
import { llama } from '../llama.js'

beforeAll(() => tf.setBackend('cpu'))

const extents = { vocabulary: 13, dimension: 8, layers: 2, heads: 2, context: 10 }
const models: Readonly<Record<string, CausalModel>> = {
  llama: llama(extents),
  grouped: llama({ ...extents, heads: 4, headDimension: 4, kvHeads: 2, qkNorm: true }),
  gpt2: gpt2(extents),
}

const V = extents.vocabulary

function tensors(model: CausalModel, weights: Tree<Float32Array>): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [name, tf.tensor(values, [...model.shapes[name]!])]),
  )
}

const int = (rows: number[][]) => tf.tensor2d(rows, [rows.length, rows[0]!.length], 'int32')

// Two rows: documents of 4, 5 and 1 tokens, and of 7 and 3; the last is cut from one that goes on elsewhere.
const x = [
  [3, 1, 4, 1, 5, 9, 2, 6, 5, 3],
  [5, 8, 9, 7, 9, 3, 2, 3, 8, 4],
]
const segments = [
  [0, 0, 0, 0, 1, 1, 1, 1, 1, 2],
  [3, 3, 3, 3, 3, 3, 3, 4, 4, 4],
]

describe.each(Object.entries(models))('%s', (_, model) => {
  const params = () => tensors(model, model.init(2))
  const logits = (rows: number[][], more: Record<string, tf.Tensor> = {}): Float32Array =>
    tf.tidy(() => model.logits(params(), { x: int(rows), ...more }).dataSync<'float32'>())

  it('gives each document the logits that it has alone', () => {
    const together = logits(x, { segments: int(segments) })
    x.forEach((tokens, row) => {
      for (const segment of new Set(segments[row])) {
        const from = segments[row]!.indexOf(segment)
        const alone = tokens.filter((_token, t) => segments[row]![t] === segment)
        const found = together.subarray((row * 10 + from) * V, (row * 10 + from + alone.length) * V)
        // The same sums in the same order; hidden scores add exact zeros.
        logits([alone]).forEach((value, i) => expect(Math.abs(value - found[i]!)).toBeLessThan(1e-6))
      }
    })
    // Without segments the second document sees the first.
    const mixed = logits(x)
    expect(Math.abs(mixed[4 * V]! - together[4 * V]!)).toBeGreaterThan(1e-3)
  })

  it('one document for all is as none said, to the bit', () => {
    expect(logits(x, { segments: int([Array(10).fill(7), Array(10).fill(7)]) })).toEqual(logits(x))
  })

  it('has the loss and the gradients of the documents alone', () => {
    const names = Object.keys(model.shapes)
    const evaluate = (rows: number[][], targets: number[][], more: Record<string, tf.Tensor> = {}) => {
      const at = params()
      const { value, grads } = tf.valueAndGrads((...points: tf.Tensor[]) =>
        model
          .loss(Object.fromEntries(names.map((name, i) => [name, points[i]!])), {
            x: int(rows),
            y: int(targets),
            ...more,
          })
          .asScalar(),
      )(names.map((name) => at[name]!))
      return {
        loss: value.dataSync()[0]!,
        gradients: grads.map((gradient) => gradient.dataSync<'float32'>()),
      }
    }
    const rows = [x[0]!]
    // What follows the last token of a document is not asked for.
    const y = [[1, 4, 1, -100, 9, 2, 6, 5, -100, -100]]
    const together = evaluate(rows, y, { segments: int([segments[0]!]) })
    const parts = [
      { ...evaluate([[3, 1, 4, 1]], [[1, 4, 1, -100]]), terms: 3 },
      { ...evaluate([[5, 9, 2, 6, 5]], [[9, 2, 6, 5, -100]]), terms: 4 },
    ]
    const mean = (of: (part: (typeof parts)[number]) => number) =>
      parts.reduce((sum, part) => sum + (of(part) * part.terms) / 7, 0)
    expect(Math.abs(together.loss - mean(({ loss }) => loss))).toBeLessThan(1e-6)
    together.gradients.forEach((gradient, p) =>
      gradient.forEach((value, i) =>
        expect(Math.abs(value - mean(({ gradients }) => gradients[p]![i]!)), names[p]).toBeLessThan(2e-6),
      ),
    )
  })

  it('refuses factors of dropout of another shape', () => {
    const [name, shape] = Object.entries(model.dropoutShapes(2, 10))[1]!
    const factors = (extents: readonly number[]) => ({ [name]: tf.ones([...extents]) })
    expect(() => logits(x, factors([2, 1, 10, 10]))).toThrow(
      `${name}: expected the shape [${shape.join(', ')}], one factor for each activation, found [2, 1, 10, 10]`,
    )
    expect(logits(x, factors(shape))).toEqual(logits(x))
  })

  it('refuses segments of another shape', () => {
    expect(() => logits(x, { segments: int([[0, 1]]) })).toThrow(
      'segments: expected the shape [2, 10], one document for each token, found [1, 2]',
    )
  })
})

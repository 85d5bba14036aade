// What `bench repeats` repeats: computations that read or add rows by id, and the step of a small language
// model. Comes in: a width. Goes out: a case for each computation and each kind of ids.
// Source: docs/design/06-traced-engine.md, order of sums.

import {
  sizeOf,
  uniforms,
  type Batch,
  type HostArray,
  type Program,
  type Shape,
  type Tree,
} from '@lotion/core'
import { llama } from '@lotion/models'
import { zipfIds } from '@lotion/test-kit'
import * as tf from '@tensorflow/tfjs'

/** Rows that ids choose among, and ids of a batch: rows meet often, and in many places. */
const [ROWS, IDS] = [1024, 1024] as const
/** Sequences of the language model's batch, and their length; onnxruntime scatters fewer on one thread. */
const [SEQUENCES, CONTEXT] = [8, 32] as const

/** Ids that are repeated: as words of a text are, or one throughout. */
const kindsOfIds = {
  'Zipf ids': zipfIds,
  'one id': (count: number) => new Int32Array(count).fill(3),
} as const

/** One computation with its data. */
export interface RepeatedCase {
  readonly name: string
  readonly ids: keyof typeof kindsOfIds
  readonly width: number
  readonly shapes: Tree<Shape>
  readonly params: Tree<Float32Array>
  readonly batch: Batch
  /** A program whose gradients are computed, or, where tfjs has none, a function whose value is. */
  readonly compute: { readonly gradients: Program<tf.Tensor> } | { readonly value: Value }
}

type Value = (params: Tree<tf.Tensor>, batch: Tree<tf.Tensor>) => Tree<tf.Tensor>

/** y(x, ids), where x has a shape. */
interface Indexed {
  readonly shape: (width: number) => Shape
  readonly of: (x: tf.Tensor, ids: tf.Tensor1D, width: number) => tf.Tensor
  /** Ids lie below. */
  readonly below?: (width: number) => number
  /** Whether tfjs cannot differentiate it by x. */
  readonly valueOnly?: true
}

const places = (ids: tf.Tensor1D): tf.Tensor2D => tf.reshape(ids, [IDS, 1])

const indexed: Readonly<Record<string, Indexed>> = {
  gather: { shape: (width) => [ROWS, width], of: (x, ids) => tf.gather(x, ids) },
  'gather along axis 1': { shape: (width) => [8, ROWS, width / 8], of: (x, ids) => tf.gather(x, ids, 1) },
  'gather in batches': {
    shape: (width) => [2, ROWS, width],
    of: (x, ids) => tf.gather(x, tf.reshape(ids, [2, IDS / 2]), 1, 1),
  },
  unsortedSegmentSum: {
    shape: (width) => [IDS, width],
    of: (x, ids) => tf.unsortedSegmentSum(x, ids, ROWS),
  },
  oneHot: {
    shape: (width) => [IDS, width],
    of: (x, ids, width) => tf.mul(x, tf.cast(tf.oneHot(ids, width), 'float32')),
    below: (width) => width,
  },
  gatherND: {
    shape: (width) => [ROWS, width],
    of: (x, ids) => tf.gatherND(x, places(ids)),
    valueOnly: true,
  },
  scatterND: {
    shape: (width) => [IDS, width],
    of: (x, ids, width) => tf.scatterND(places(ids), x, [ROWS, width]),
    valueOnly: true,
  },
  tensorScatterUpdate: {
    shape: (width) => [IDS, width],
    of: (x, ids, width) => tf.tensorScatterUpdate(tf.zeros([ROWS, width]), places(ids), x),
    valueOnly: true,
  },
}

/** Make the cases of a width, a multiple of 32: each computation with each kind of ids. */
export function repeatedCases(width: number): readonly RepeatedCase[] {
  return Object.keys(kindsOfIds).flatMap((kind) => {
    const ids = kind as keyof typeof kindsOfIds
    const simple = Object.entries(indexed).map(([name, one]): RepeatedCase => {
      const shape = one.shape(width)
      const value = (params: Tree<tf.Tensor>, batch: Tree<tf.Tensor>): tf.Tensor =>
        one.of(params['x']!, batch['ids'] as tf.Tensor1D, width)
      return {
        name,
        ids,
        width,
        shapes: { x: shape },
        params: { x: values(shape) },
        batch: { ids: idsOf(ids, [IDS], one.below?.(width) ?? ROWS) },
        compute: one.valueOnly
          ? { value: (params, batch) => ({ y: value(params, batch) }) }
          : {
              gradients: {
                name,
                shapes: { x: shape },
                loss: (params, batch) => tf.mean(tf.square(value(params, batch))),
                terms: () => IDS,
              },
            },
      }
    })
    return [...simple, languageModel(ids, width)]
  })
}

/** A decoder's step, whose one table is looked up and is the head as well: its gradient comes from both. */
function languageModel(ids: keyof typeof kindsOfIds, width: number): RepeatedCase {
  const model = llama({
    vocabulary: ROWS,
    dimension: width,
    layers: 1,
    heads: width / 32,
    hidden: width,
    context: CONTEXT,
    tied: true,
  })
  const tokens = idsOf(ids, [SEQUENCES, CONTEXT], ROWS)
  return {
    name: 'language model',
    ids,
    width,
    shapes: model.shapes,
    params: model.init(1),
    // The token after the last is the first.
    batch: { x: tokens, y: { ...tokens, data: Int32Array.from(tokens.data, (_, i) => next(tokens, i)) } },
    compute: { gradients: model },
  }
}

const next = ({ data }: HostArray, i: number): number => data[(i + 1) % data.length]!

const idsOf = (kind: keyof typeof kindsOfIds, shape: Shape, below: number): HostArray => ({
  data: kindsOfIds[kind](sizeOf(shape), below),
  shape,
})

/** Uniform in ±1. */
const values = (shape: Shape): Float32Array =>
  uniforms({ seed: 1, stream: 'values' }, sizeOf(shape)).map((u) => 2 * u - 1)

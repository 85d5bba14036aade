// Engine: runs a program op by op with plain TensorFlow.js on whatever backend is current (cpu, wasm, webgl,
// webgpu, tensorflow). Comes in: a Program over tf.Tensor, parameters and batches as host arrays. Goes out:
// loss and gradients as host arrays.
// Source: packages/core/src/contracts.ts (Engine, GradientStep, ForwardStep).

import {
  checkForwardCall,
  checkGradientCall,
  checkLoss,
  exclusiveCalls,
  guardedBatch,
  leafOf,
  mapTree,
  shapeBook,
  sizeOf,
  wantedGradients,
  type Batch,
  type Engine,
  type ForwardStep,
  type GradientResult,
  type GradientStep,
  type HostArray,
  type IdRange,
  type Program,
  type Shape,
  type Tree,
} from '@lotion/core'
import * as defaultTf from '@tensorflow/tfjs-core'
import { backendReady, oneCore } from './core-instance.js'
import { valueAndGradients } from './value-and-gradients.js'
import { watchIndices } from './watch-indices.js'

type Tf = typeof defaultTf
type Tensor = defaultTf.Tensor

/**
 * Make the engine that evaluates every operation at once on the current tfjs backend.
 * Slow but everywhere, and the reference for traced engines. `tf` defaults to the imported
 * `@tensorflow/tfjs-core`; pass your own instance (for example tfjs-node's) to run on its backends.
 *
 * ```ts
 * const step = eagerEngine().gradients(program)
 * const { loss, gradients } = await step.run(params, batch)
 * ```
 * @param tf The instance whose current backend runs it.
 * @throws TypeError if the instance is another copy of tfjs-core than the one that this package imports.
 * @example
 * ```ts
 * import type { Program } from '@lotion/core'
 * import { eagerEngine } from '@lotion/tfjs'
 * import * as tf from '@tensorflow/tfjs-core'
 * import '@tensorflow/tfjs-backend-cpu'
 *
 * const square: Program<tf.Tensor> = {
 *   name: 'square',
 *   shapes: { w: [2] },
 *   loss: ({ w }) => tf.sum(tf.square(w!)),
 *   terms: () => 1,
 * }
 * const engine = eagerEngine()
 * const params = engine.allocate(square.shapes)
 * console.log((await engine.gradients(square).run(params, {})).loss)
 * ```
 */
export function eagerEngine(tf: Tf = defaultTf): Engine<Tensor, Float32Array> {
  oneCore(tf)
  const book = shapeBook()
  return Object.freeze({
    name: 'tfjs-eager',
    allocate(shapes: Tree<Shape>): Tree<Float32Array> {
      book.declare(shapes)
      return mapTree(shapes, (shape) => {
        const array = new Float32Array(sizeOf(shape))
        book.bind(array, shape)
        return array
      })
    },
    gradients(program: Program<Tensor>, of?: readonly string[]): GradientStep<Float32Array> {
      const wanted = wantedGradients(program, of)
      book.declare(program.shapes)
      return gradientStep(tf, program, wanted)
    },
    forward(
      fn: (params: Tree<Tensor>, batch: Tree<Tensor>) => Tree<Tensor>,
      name = fn.name || 'forward',
      ids = {},
    ) {
      return forwardStep(tf, fn, { name, ids, shapesOf: (params) => book.shapesOf(params) })
    },
  })
}

function gradientStep(tf: Tf, program: Program<Tensor>, wanted: Tree<Shape>): GradientStep<Float32Array> {
  const names = Object.keys(wanted)
  const gradients = mapTree(wanted, (shape) => new Float32Array(sizeOf(shape)))
  const { ids: declared = {} } = program
  const calls = exclusiveCalls(program.name)
  return Object.freeze({
    name: program.name,
    delivers: [],
    run: (params: Tree<Float32Array>, batch: Batch) =>
      calls.run(async (): Promise<GradientResult<Float32Array>> => {
        checkGradientCall(program, params, batch)
        await backendReady(tf)
        const results = tf.tidy(() => {
          const weights = uploadParameters(tf, params, program.shapes)
          const inputs = uploadBatch(tf, batch)
          const xs = names.map((name) => leafOf(weights, name, 'parameters'))
          const { value, gradients: found } = watchIndices(tf, inputs, batch, declared, () =>
            valueAndGradients(tf, program.name, () => program.loss(weights, inputs), xs),
          )
          return [value, ...found.map((gradient) => gradient ?? tf.tensor1d([]))]
        })
        const [loss = new Float32Array(1), ...values] = await readAndDispose(results)
        checkLoss(program, loss[0] ?? Number.NaN)
        names.forEach((name, i) => store(gradients[name], values[i]))
        return { loss: loss[0] ?? Number.NaN, terms: program.terms(batch), gradients }
      }),
    close: calls.close,
  })
}

function forwardStep(
  tf: Tf,
  fn: (params: Tree<Tensor>, batch: Tree<Tensor>) => Tree<Tensor>,
  {
    name,
    ids,
    shapesOf,
  }: {
    readonly name: string
    readonly ids: Tree<IdRange>
    shapesOf(params: Tree<Float32Array>): Tree<Shape>
  },
): ForwardStep<Float32Array> {
  const calls = exclusiveCalls(name)
  return Object.freeze({
    name,
    run: (params: Tree<Float32Array>, batch: Batch) =>
      calls.run(async (): Promise<Tree<Float32Array>> => {
        const shapes = shapesOf(params)
        checkForwardCall(shapes, params, batch, ids)
        await backendReady(tf)
        const outputs: string[] = []
        const results = tf.tidy(() => {
          const inputs = uploadBatch(tf, batch)
          const weights = uploadParameters(tf, params, shapes)
          const named = watchIndices(tf, inputs, batch, ids, () => fn(weights, inputs))
          outputs.push(...Object.keys(named))
          return Object.values(named).map((tensor) => tf.cast(tensor, 'float32'))
        })
        const values = await readAndDispose(results)
        return Object.fromEntries(outputs.map((output, i) => [output, values[i] ?? new Float32Array(0)]))
      }),
    close: calls.close,
  })
}

function uploadParameters(tf: Tf, params: Tree<Float32Array>, shapes: Tree<Shape>): Tree<Tensor> {
  // tfjs backends may keep the array they are given: a copy keeps the caller's buffer (possibly shared
  // memory) out of them.
  return mapTree(shapes, (shape, name) =>
    tf.tensor(new Float32Array(params[name] ?? []), [...shape], 'float32'),
  )
}

function uploadBatch(tf: Tf, batch: Batch): Tree<Tensor> {
  const upload = ({ data, shape }: HostArray): Tensor =>
    data instanceof Int32Array
      ? tf.tensor(new Int32Array(data), [...shape], 'int32')
      : tf.tensor(new Float32Array(data), [...shape], 'float32')
  return guardedBatch(mapTree(batch, upload))
}

async function readAndDispose(tensors: readonly Tensor[]): Promise<readonly Float32Array[]> {
  try {
    return await Promise.all(tensors.map(async (tensor) => new Float32Array(await tensor.data())))
  } finally {
    for (const tensor of tensors) tensor.dispose()
  }
}

function store(target: Float32Array | undefined, values: Float32Array | undefined): void {
  // An empty result stands for a parameter that the loss does not touch: its gradient is zero.
  if (values === undefined || values.length === 0) target?.fill(0)
  else target?.set(values)
}

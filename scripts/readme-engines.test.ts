// Holds the README's table of engines and executors to what there is: every row trains, and every pair that
// trains here is a row.
import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import {
  defineLanes,
  perRow,
  type Engine,
  type Executor,
  type GradientStep,
  type Program,
} from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4, withBlock } from '@lotion/formats'
import { gpuExecutor } from '@lotion/gpu'
import { onnxEngine } from '@lotion/onnx'
import { createUpdater, everything, fit, lotion, sgd, withMethod } from '@lotion/optim'
import { eagerEngine, lotionOptimizer, tfjsExecutor } from '@lotion/tfjs'

const method = lotion({ format: withBlock(int4, perRow) })
const optimizer = sgd({ learningRate: 0.1 })
const steps = 30
const shapes = { w: [2, 3] }
const target = [1, -2, 3, 0.5, -0.25, 4]

/** Σ (w − target)², which falls by (1 − 0.2)² a step. */
const loss = (w: tf.Tensor): tf.Scalar => tf.sum(tf.squaredDifference(w, tf.tensor2d(target, [2, 3])))
const program: Program<tf.Tensor> = {
  name: 'bowl',
  shapes,
  loss: ({ w }, { t }) => tf.sum(tf.squaredDifference(w!, t!)),
  terms: () => 1,
}
const batch = { t: { data: Float32Array.from(target), shape: [2, 3] } }

/** The same gradient as a formula, for executors without an engine. */
const slope = defineLanes({
  name: 'slope',
  inputs: ['w', 't'],
  outputs: ['gradient'],
  body: ({ w, t }) => ({ gradient: w.sub(t).mul(2) }),
})

async function trained<A>(
  executor: Executor<A>,
  gradientStep: GradientStep<A>,
  w: A = executor.zeros([2, 3]),
): Promise<readonly number[]> {
  const params = { w }
  await fit({
    params,
    shapes,
    gradientStep,
    batches: () => batch,
    method,
    quantize: everything,
    optimizer,
    steps,
    seed: 0,
    executor,
  })
  return [...(await executor.read(params.w))]
}

const byFormula = <A>(executor: Executor<A>): Promise<readonly number[]> => {
  const t = executor.upload(Float32Array.from(target), [2, 3])
  return trained(executor, {
    name: 'by formula',
    run: async ({ w }) => {
      const [out] = executor.lanes([{ fn: slope, inputs: { w: w!, t } }])
      return { loss: 0, terms: 1, gradients: { w: out!['gradient']! } }
    },
    close: async () => undefined,
  })
}

async function byEngine(engine: Engine<tf.Tensor, Float32Array>): Promise<readonly number[]> {
  return trained(cpuExecutor(), engine.gradients(program), engine.allocate(shapes)['w'])
}

/** Every pair that there is, by the names in the table. */
const ways: Readonly<Record<string, () => Promise<readonly number[]>>> = {
  'onnxEngine + cpuExecutor': async () => {
    const engine = await onnxEngine()
    const found = await byEngine(engine)
    await engine.close()
    return found
  },
  'eagerEngine + cpuExecutor': () => byEngine(eagerEngine()),
  'lotionOptimizer + tfjsExecutor': async () => {
    const w = tf.variable(tf.zeros([2, 3]))
    const transformation = withMethod(method, optimizer, everything)
    const executor = tfjsExecutor()
    const ours = lotionOptimizer({
      steps,
      terms: 1,
      compile: (found) => createUpdater({ transformation, shapes: found, executor }),
    })
    for (let i = 0; i < steps; i++) ours.minimize(() => loss(w), false, [w])
    return [...w.dataSync()]
  },
  'GradientStep + cpuExecutor': () => byFormula(cpuExecutor()),
  'GradientStep + gpuExecutor': async () => {
    const executor = await gpuExecutor({ mode: 'webasm' })
    const found = await byFormula(executor)
    await executor.close()
    return found
  },
}

const table = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && line.includes('Executor`'))
  .map((line) => line.slice(1, -1).split('|').slice(1, 3))
  .map((cells) => cells.map((cell) => /`(\w+)/.exec(cell)?.[1]).join(' + '))

it('lists every pair that trains', () => {
  expect(table.toSorted()).toEqual(Object.keys(ways).toSorted())
})

it.each(table)('%s trains, to the same bits', async (pair) => {
  const found = await ways[pair]!()
  expect(found).toEqual(await byFormula(cpuExecutor()))
  const left = (w: readonly number[]): number =>
    w.reduce((sum, value, i) => sum + (value - target[i]!) ** 2, 0)
  // Without the penalty 0.8⁶⁰ ≈ 2e-6 of the loss at 0 would be left; the penalty pulls weights to the grid's
  // points.
  expect(left(found)).toBeLessThan(left(target.map(() => 0)) / 100)
})

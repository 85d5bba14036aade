import type { Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { describe, expect, it } from 'vitest'
import {
  distance,
  file,
  gradientsAt,
  numbersOf,
  shapes,
  start,
  STEPS,
  trained,
} from '../test/optax/expected.js'
import { accumulate } from './accumulate.js'
import { adam } from './adam.js'
import { adamw } from './adamw.js'
import { addDecayedWeights } from './add-decayed-weights.js'
import { clipByGlobalNorm } from './clip-by-global-norm.js'
import { clipByNorm } from './clip-by-norm.js'
import { clipByValue } from './clip-by-value.js'
import { averagedWeights, ema } from './ema.js'
import { exponential } from './exponential.js'
import { joinSchedules } from './join-schedules.js'
import { lion } from './lion.js'
import { nesterov } from './nesterov.js'
import { oneCycle } from './one-cycle.js'
import { piecewiseConstant, piecewiseInterpolate } from './piecewise.js'
import { polynomial } from './polynomial.js'
import { constant, cosine, linear } from './schedule.js'
import { sgd } from './sgd.js'
import { chain } from './transformation.js'
import { createUpdater } from './updater.js'
import { warmupStableDecay } from './warmup-stable-decay.js'

const falling = linear(0.05, 0)
const curve = cosine(0.05)

/**
 * Both round each operation to single precision, in another order: a step is off by a few units of the last
 * place of what it moves by, which is small beside the weight, and by half a unit of the weight that it is
 * added to. The largest distances were half a unit a step, for the average, and a tenth.
 */
const ULPS_A_STEP = 1

describe('optimizers of optax, 100 steps', () => {
  it.each([
    ['sgd', sgd({ learningRate: falling })],
    ['momentum', sgd({ learningRate: falling, momentum: 0.9 })],
    ['nesterov', nesterov({ learningRate: falling })],
    ['adam', adam({ learningRate: curve })],
    [
      'adam, L2',
      chain(addDecayedWeights(0.1), adam({ learningRate: curve, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 })),
    ],
    ['adamw', adamw({ learningRate: curve, weightDecay: 0.1 })],
    ['lion', lion({ learningRate: falling })],
    ['lion, numbers', lion({ learningRate: falling, beta1: 0.95, beta2: 0.98, weightDecay: 0.1 })],
    ['clip', chain(clipByValue(0.5), sgd({ learningRate: falling }))],
    ['global norm', chain(clipByGlobalNorm(5), sgd({ learningRate: falling, momentum: 0.9 }))],
    ['each norm', chain(clipByNorm(2), sgd({ learningRate: falling }))],
  ])('%s', (name, transformation) => {
    expect(distance(trained({ transformation }), file.optimizers[name]!)).toBeLessThan(ULPS_A_STEP)
  })

  it('averages weights as incremental_update', () => {
    const part = ema({ decay: 0.9 })
    const executor = cpuExecutor({ threads: 1 })
    const found = trained({
      transformation: chain(sgd({ learningRate: 0.01 }), part),
      read: (params, state, updates) => averagedWeights({ executor, ema: part, params, state, updates }),
    })
    expect(distance(found, file.optimizers['ema']!)).toBeLessThan(ULPS_A_STEP)
  })

  it('accumulates as MultiSteps', async () => {
    const executor = cpuExecutor({ threads: 1 })
    const updater = createUpdater({ transformation: adam({ learningRate: 0.01 }), shapes, executor })
    const params = start()
    const state = updater.init(params)
    const step = accumulate(
      {
        name: 'gradients of the file',
        run: (_, { index }) =>
          Promise.resolve({ loss: 0, terms: 1, gradients: gradientsAt(index!.data[0]!) }),
        close: () => Promise.resolve(),
      },
      4,
      { executor, shapes },
    )
    const found: Tree<Float32Array>[] = []
    // optax counts the parts as steps, and changes no weight at the first three of four.
    for (let update = 0; update < STEPS / 4; update++) {
      if (update === 0) found.push(start())
      if (update === 2) found.push(Object.fromEntries(Object.entries(params).map(([k, w]) => [k, w.slice()])))
      const index = { data: Float32Array.from({ length: 4 }, (_, i) => 4 * update + i), shape: [4] }
      const result = await step.run(params, { index })
      updater.step(params, state, result, { step: update, steps: STEPS / 4 })
    }
    found.push(params)
    expect(distance(found, file.optimizers['accumulated']!)).toBeLessThan(ULPS_A_STEP)
  })
})

describe('schedules of optax', () => {
  it.each([
    ['linear', falling],
    ['cosine', curve],
    ['polynomial', polynomial(0.1, 0.01, 2.5)],
    ['exponential', exponential(0.1, { decayRate: 0.3, over: 0.25, end: 0.01 })],
    [
      'exponential, rising in stairs',
      exponential(0.1, { decayRate: 1.5, over: 0.2, staircase: true, end: 0.3 }),
    ],
    [
      'piecewise constant',
      piecewiseConstant(0.1, [
        [0.3, 0.5],
        [0.6, 0.1],
      ]),
    ],
    [
      'piecewise linear',
      piecewiseInterpolate(0.1, [
        [0.3, 3],
        [0.6, 0.1],
        [1, 0.2],
      ]),
    ],
    [
      'piecewise cosine',
      piecewiseInterpolate(
        0.1,
        [
          [0.3, 3],
          [0.6, 0.1],
          [0.8, 0.2],
        ],
        'cosine',
      ),
    ],
    ['one cycle', oneCycle(0.1)],
    ['one cycle, lines', oneCycle(0.1, { shape: 'linear', warmup: 0.4, divFactor: 10 })],
    ['joined', joinSchedules([constant(0.1), cosine(0.1), linear(0.02, 0)], [0.2, 0.7])],
    ['warm-up, stable, decay', warmupStableDecay(0.1, { warmup: 0.1, decay: 0.2, end: 0.01 })],
  ])('%s', (name, schedule) => {
    const theirs = numbersOf(file.schedules[name]!)
    const peak = Math.max(...theirs)
    theirs.forEach((value, step) => {
      // Theirs are rounded to single precision once, from f64 or from a few operations in f32.
      const off = Math.abs(schedule({ step, steps: STEPS }) - value) / peak
      expect(off, `step ${step}`).toBeLessThan(2 ** -22)
    })
  })
})

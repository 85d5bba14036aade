import { mapTree, type Transformation, type Tree } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { base, batchesOf, bitsOf, executor, format, start } from '../test/bowl.js'
import { distance, file, STEPS, trained } from '../test/optax/expected.js'
import { continuedEverywhere } from '../test/resume.js'
import { cage } from './cage.js'
import { clipByValue } from './clip-by-value.js'
import { ema } from './ema.js'
import { fit, type StepEvent } from './fit.js'
import { lotion } from './lotion.js'
import { withMethod, type Method } from './method.js'
import { qat } from './qat.js'
import { everything } from './quantize-rule.js'
import { constant, linear, warmUp } from './schedule.js'
import { scheduleFreeAdamw } from './schedule-free-adamw.js'
import { scheduleFreeWeights } from './schedule-free-weights.js'
import { sgd } from './sgd.js'
import { chain } from './transformation.js'
import { createUpdater, type OptimizerState } from './updater.js'

/**
 * The average is y less a tenth of z, over .9: a step rounds it to a few units of the last place. As in
 * optax-parity.test.ts the unit is that of the largest weight.
 */
const ULPS_A_STEP = 4

const reading =
  (optimizer: ReturnType<typeof scheduleFreeAdamw>) =>
  (params: Tree<Float32Array>, state: OptimizerState<Float32Array>, updates: number): Tree<Float32Array> =>
    scheduleFreeWeights({ executor, optimizer, params, state, updates })

describe('scheduleFreeAdamw', () => {
  // There all parameters decay.
  const decays = () => true
  const optimizer = scheduleFreeAdamw({ learningRate: 0.05, beta2: 0.99, weightDecay: 0.1, decays })

  it('takes the steps of optax while it trains', () => {
    const run = { transformation: optimizer, steps: STEPS + 1 }
    expect(distance(trained(run), file.scheduleFree.points)).toBeLessThan(ULPS_A_STEP)
    const averages = trained({ ...run, read: reading(optimizer) })
    expect(distance(averages, file.scheduleFree.averages)).toBeLessThan(ULPS_A_STEP)
  })

  it('ends at the average, and weighs steps by their rate', () => {
    const rising = scheduleFreeAdamw({ learningRate: linear(0.005, 0.05), beta1: 0.95 })
    const averages = trained({ transformation: rising, read: reading(rising) })
    expect(distance(averages, file.optimizers['schedule-free, warmed up']!)).toBeLessThan(ULPS_A_STEP)
    const weights = trained({ transformation: rising })
    expect(distance(weights.slice(2), file.optimizers['schedule-free, warmed up']!.slice(2))).toBeLessThan(
      ULPS_A_STEP * STEPS,
    )
  })

  it('continues to the same bits, in a warm-up and behind a skipped step', async () => {
    const warmed = scheduleFreeAdamw({ learningRate: warmUp(0.3, constant(0.1)), weightDecay: 0.1 })
    const { whole, continued } = await continuedEverywhere((moment) =>
      fit(base({ optimizer: warmed, batches: batchesOf([5]), nonFinite: 'skip', ...moment })),
    )
    expect(continued).toHaveLength(12)
    for (const each of continued) expect(each).toEqual(whole)
  })

  it('goes on from the average where a finished run is prolonged', async () => {
    const params = start()
    let last: StepEvent<Float32Array> | undefined
    await fit({ ...base({ optimizer, params, steps: 6 }), onStep: (event) => void (last = event) })
    const { state, step } = last!
    const ended = mapTree(params, bitsOf)
    const read = reading(optimizer)(params, state, step)
    for (const [name, w] of Object.entries(read)) {
      // (w − .1 w) / .9, in single precision.
      w.forEach((value, i) => expect(value).toBeCloseTo(params[name]![i]!, 6))
      expect(bitsOf(state[name]!['schedule-free-adamw.z']!)).toEqual(ended[name])
    }
  })

  it('has the weights themselves before the first step', () => {
    const shapes = { w: [3] }
    const updater = createUpdater({ transformation: optimizer, shapes, executor })
    const params = { w: Float32Array.of(0.1, -2, 0) }
    expect(reading(optimizer)(params, updater.init(params), 0)).toEqual(params)
  })

  it('lets nothing change its update: a pull would act on y, and the average know nothing of it', () => {
    const made = (method: Method, ...more: readonly Transformation[]) =>
      createUpdater({
        transformation: withMethod(method, chain(optimizer, ...more), everything),
        shapes: { w: [4] },
        executor,
      })
    expect(() => made(cage({ format }))).toThrow(
      "cage: 'w': expected nothing behind 'schedule-free-adamw' that changes its update, found cage",
    )
    expect(() => made(qat({ format }), clipByValue(1))).toThrow('found clip')
    // An average of the weights changes none.
    expect(made(lotion({ format }), ema({ decay: 0.9 })).slots['w']).toContain('ema.average')
  })

  it('refuses numbers out of range, and a state of others', () => {
    expect(() => scheduleFreeAdamw({ learningRate: 0.1, beta1: 0 })).toThrow(
      'beta1: expected a number above 0 and below 1, found 0',
    )
    expect(() => scheduleFreeAdamw({ learningRate: 0.1, weightLrPower: -1 })).toThrow(
      'weightLrPower: expected',
    )
    const params = { w: Float32Array.of(1) }
    const other = createUpdater({ transformation: sgd({ learningRate: 1 }), shapes: { w: [1] }, executor })
    expect(() => reading(optimizer)(params, other.init(params), 0)).toThrow(
      "state: expected slots 'schedule-free-adamw.z' of schedule-free training, found none",
    )
  })
})

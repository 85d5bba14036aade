import { describe, expect, it } from 'vitest'
import { base } from '../test/bowl.js'
import { earlyStopping, type EarlyStoppingOptions } from './early-stopping.js'
import { fit, type Stopped } from './fit.js'
import { withCallbacks } from './with-callbacks.js'

async function watch(
  values: readonly number[],
  options: Partial<EarlyStoppingOptions<Float32Array>> = {},
): Promise<readonly [unknown, Stopped | undefined]> {
  const stopping = earlyStopping<Float32Array>({
    value: ({ step }) => Promise.resolve(values[step - 1]!),
    every: 1,
    ...options,
  })
  const run = withCallbacks<Float32Array>([stopping])
  await fit(base({ steps: values.length, onStep: run.onStep }))
  return [run.states()['early stopping'], run.stopped()]
}

describe('earlyStopping', () => {
  it('ends the run after so many values that are no better, and knows the best step', async () => {
    const [state, stopped] = await watch([5, 3, 4, 3, 1, 0], { patience: 2 })
    expect(state).toEqual({ best: 3, bestStep: 2, waited: 2 })
    expect(stopped).toEqual({
      step: 4,
      by: 'early stopping',
      reason: '3 is not below the best, 3 after step 2, by more than 0; 2 in a row',
    })
  })

  it('counts from the best one again, and asks for the least difference', async () => {
    expect(await watch([5, 6, 4, 6, 3, 2], { patience: 2 })).toEqual([
      { best: 2, bestStep: 6, waited: 0 },
      undefined,
    ])
    const [state, stopped] = await watch([5, 4.5, 4, 3.9, 1], { patience: 1, minDelta: 0.5 })
    // 4.5 is no more than .5 below 5.
    expect(state).toEqual({ best: 5, bestStep: 1, waited: 1 })
    expect(stopped?.step).toBe(2)
  })

  it('measures at its steps and after the last; NaN is no better than anything', async () => {
    expect(await watch([9, 5, 9, 4, 1], { every: 2 })).toEqual([
      { best: 1, bestStep: 5, waited: 0 },
      undefined,
    ])
    const [state, stopped] = await watch([Number.NaN, Number.NaN, 1], { patience: 2 })
    expect(state).toEqual({ best: null, bestStep: 0, waited: 2 })
    expect(stopped?.reason).toBe('NaN is not below any by more than 0; 2 in a row')
  })

  it('refuses numbers out of range by name', () => {
    const value = (): number => 1
    expect(() => earlyStopping({ value, every: 0 })).toThrow('every: expected a positive whole number')
    expect(() => earlyStopping({ value, every: 1, patience: 0.5 })).toThrow('patience: expected a positive')
    expect(() => earlyStopping({ value, every: 1, minDelta: -1 })).toThrow('minDelta: expected a finite')
    expect(() => earlyStopping({ every: 1 } as never)).toThrow('value: expected a function of a step')
  })
})

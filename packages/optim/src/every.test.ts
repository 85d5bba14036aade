import { describe, expect, it } from 'vitest'
import { base } from '../test/bowl.js'
import { every, type Period } from './every.js'
import { fit } from './fit.js'
import { withCallbacks } from './with-callbacks.js'

async function stepsOf(period: Period): Promise<readonly number[]> {
  const seen: number[] = []
  const { onStep } = withCallbacks<Float32Array>([every(period, ({ step }) => void seen.push(step))])
  await fit(base({ steps: 11, onStep }))
  return seen
}

describe('every', () => {
  it('comes at multiples of its steps and after the last', async () => {
    expect(await stepsOf({ steps: 4 })).toEqual([4, 8, 11])
    expect(await stepsOf({ steps: 11 })).toEqual([11])
  })

  it('comes once the minutes have passed since it last did', async () => {
    let minutes = 0
    // One minute a step: asked once a step.
    const clock = (): number => minutes++ * 60_000
    expect(await stepsOf({ minutes: 3, clock })).toEqual([4, 7, 10, 11])
    minutes = 0
    expect(await stepsOf({ minutes: 3, steps: 5, clock })).toEqual([4, 5, 8, 10, 11])
  })

  it('refuses no period, and periods of nothing', () => {
    expect(() => every({}, () => {})).toThrow('every: expected a period, found none')
    expect(() => every({ steps: 0 }, () => {})).toThrow('steps: expected a positive whole number, found 0')
    expect(() => every({ minutes: 0 }, () => {})).toThrow(
      'minutes: expected a finite number above 0, found 0',
    )
    expect(() => every({ step: 5 } as never, () => {})).toThrow("every: unknown option 'step'")
  })
})

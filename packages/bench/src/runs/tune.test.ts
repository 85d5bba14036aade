import { expect, test } from 'vitest'
import { int4 } from '@lotion/formats'
import { chosenMethod, settingsOf } from './method-choice.js'
import { TUNING_OFFSET, tune, tuningSeeds } from './tune.js'

const losses = (nearest: number) => ({ fullPrecision: 0, nearest, randomized: 0 })

test('tuning seeds are no test seeds, and the same for every method', () => {
  expect(tuningSeeds(7)).toEqual([0, 1, 2, 3, 4].map((i) => 7 + TUNING_OFFSET + i))
})

test('chooses the setting with the lowest mean nearest loss, having tried each on every seed', async () => {
  const asked: string[] = []
  const tuned = await tune({
    settings: ['a', 'b', 'c'],
    seeds: [1, 2],
    run: (trials) => {
      asked.push(...trials.map(({ setting, seed }) => `${setting}${seed}`))
      // Means: a 3, b 2.5, c 2.5; b and c tie, the first is taken.
      const table: Record<string, number> = { a1: 1, a2: 5, b1: 2, b2: 3, c1: 2.5, c2: 2.5 }
      return Promise.resolve(trials.map(({ setting, seed }) => losses(table[`${setting}${seed}`]!)))
    },
  })
  expect(asked).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
  expect(tuned).toEqual({ setting: 'b', nearest: 2.5, tried: 3, seeds: [1, 2] })
})

test('a setting that diverged on one seed is never chosen', async () => {
  const run = (values: readonly number[]) => () => Promise.resolve(values.map(losses))
  const options = { settings: ['low', 'high'], seeds: [1, 2] }
  expect((await tune({ ...options, run: run([9, 9, 0, NaN]) })).setting).toBe('low')
  await expect(tune({ ...options, run: run([Infinity, 1, NaN, 1]) })).rejects.toThrow(
    'every one of 2 settings diverged',
  )
  await expect(tune({ ...options, settings: [], run: run([]) })).rejects.toThrow(
    'expected settings and seeds, found 0 and 2',
  )
})

test('every method is tuned over the same learning rates, those with a strength over it as well, unless their word gives it', async () => {
  const parts = { fisher: 'exact', noise: 'randomized-rounding', scaleGradient: true }
  const settings = async (word: string, learningRates: readonly number[]) =>
    settingsOf(
      await chosenMethod({ ...parts, method: word }, int4, { lambda: (value) => value }),
      learningRates,
    )
  expect(await settings('qat', [0.3, 1])).toEqual([
    { learningRate: 0.3, numbers: {} },
    { learningRate: 1, numbers: {} },
  ])
  expect((await settings('lotion', [1])).map(({ numbers }) => numbers['lambda'])).toEqual([0.1, 0.3, 1, 3])
  expect(await settings('cage', [0.3, 1, 1.5])).toHaveLength(15)
  expect(await settings('cage:0.5', [0.3, 1, 1.5])).toHaveLength(3)
})

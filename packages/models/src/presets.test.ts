import { expect, it } from 'vitest'
import { presetModel, presets } from './presets.js'

it('have the sizes that they promise', () => {
  const counts = (vocabulary: number) =>
    Object.fromEntries(
      (Object.keys(presets) as (keyof typeof presets)[]).map((name) => [
        name,
        presetModel(name, { vocabulary }).parameterCount,
      ]),
    )
  expect(presetModel('nano', { vocabulary: 83 }).parameterCount).toBe(113_344)
  expect(presetModel('135m', { vocabulary: 49_152 }).parameterCount).toBe(134_515_008)
  expect(counts(128_256)).toMatchObject({ '150m': 150_313_472, '300m': 296_113_920 })
})

it('take another context, and refuse other names', () => {
  expect(presetModel('150m', { vocabulary: 300, context: 128 }).config.context).toBe(128)
  expect(() => presetModel('nanno' as 'nano', { vocabulary: 83 })).toThrow(
    "preset: expected nano, micro, mini, small, 135m, 150m, 300m, found 'nanno'; did you mean 'nano'?",
  )
})

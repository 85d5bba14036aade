import { expect, test } from 'vitest'
import { fewNames, notFiniteText } from './skip-guard.js'

const names = Array.from({ length: 29 }, (_, i) => `model.layers.${i}.weight`)

test('a model that diverged is told by three of its parameters and how many more there are', () => {
  const text = notFiniteText({ step: 7, loss: NaN, gradients: names, weights: names, nonFinite: 'refuse' })
  expect(text).toContain(
    'a gradient of model.layers.0.weight, model.layers.1.weight, model.layers.2.weight and 26 more that is',
  )
  expect(text).toContain(
    'the weights of model.layers.0.weight, model.layers.1.weight, model.layers.2.weight and 26 more overflowed',
  )
  expect(text.length).toBeLessThan(450)
  expect(fewNames(['a', 'b', 'c'])).toBe('a, b, c')
})

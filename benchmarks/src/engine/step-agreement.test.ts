import { expect, it } from 'vitest'
import type { StepOutcome } from './engine-subject.js'
import { checkAgreement } from './step-agreement.js'

const outcome = (loss: number, tensors: Readonly<Record<string, readonly number[]>>): StepOutcome => ({
  loss,
  tensors: Object.fromEntries(
    Object.entries(tensors).map(([name, values]) => [name, Float32Array.from(values)]),
  ),
})
const expected = outcome(2, { a: [3, 4], b: [0, 0], c: [1, 0] })

it('measures the relative distance of each tensor and of the loss, and names the worst', () => {
  // 2^-16 and 2^-15 are exact in f32; |c| = 1, |a| = 5.
  const found = outcome(2 + 2 ** -15, { a: [3, 4 + 2 ** -15], b: [0, 0], c: [1, 2 ** -16] })
  expect(checkAgreement('peer', found, expected)).toEqual({ tensors: 2 ** -16, worst: 'c', loss: 2 ** -16 })
})

it('counts zeros that agree as distance 0', () => {
  expect(checkAgreement('peer', expected, expected)).toMatchObject({ tensors: 0, loss: 0 })
})

it.each([
  ['a tensor is further off', outcome(2, { a: [3, 4.01], b: [0, 0], c: [1, 0] }), "'a' off by 0.002"],
  [
    'something stands where nothing should',
    outcome(2, { a: [3, 4], b: [0, 1e-9], c: [1, 0] }),
    "'b' off by Infinity",
  ],
  ['a value is not a number', outcome(2, { a: [3, NaN], b: [0, 0], c: [1, 0] }), "'a' off by NaN"],
  ['the loss is further off', outcome(2.1, { a: [3, 4], b: [0, 0], c: [1, 0] }), 'the loss by 0.05'],
  ['a tensor is missing', outcome(2, { a: [3, 4], b: [0, 0] }), "'c' is missing"],
  ['a tensor has another size', outcome(2, { a: [3, 4], b: [0], c: [1, 0] }), 'expected 2 values, found 1'],
])('refuses to go on when %s', (_, found, message) => {
  expect(() => checkAgreement('peer', found, expected)).toThrow(message)
})

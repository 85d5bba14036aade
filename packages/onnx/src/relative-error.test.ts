import { expect, it } from 'vitest'
import { relativeError } from './relative-error.js'

const f32 = (...values: readonly number[]): Float32Array => Float32Array.from(values)

it('is ‖found − expected‖ / ‖expected‖', () => {
  expect(relativeError(f32(3, 4.5), f32(3, 4))).toBe(0.1)
  expect(relativeError(f32(1, 2), f32(1, 2))).toBe(0)
  expect(relativeError(f32(0), f32(0))).toBe(0)
  expect(relativeError(f32(0), f32(-0))).toBe(0)
})

it('divides by the floor where the expected norm is below it', () => {
  expect(relativeError(f32(0.25), f32(0), 2)).toBe(0.125)
})

it('lets equal infinities and NaNs agree, and nothing else with them', () => {
  expect(relativeError(f32(Number.NaN, Infinity, 1), f32(Number.NaN, Infinity, 1))).toBe(0)
  expect(relativeError(f32(Number.NaN), f32(1))).toBe(Infinity)
  expect(relativeError(f32(1), f32(Number.NaN))).toBe(Infinity)
  expect(relativeError(f32(Infinity), f32(-Infinity))).toBe(Infinity)
  expect(relativeError(f32(1), f32(1, 2))).toBe(Infinity)
})

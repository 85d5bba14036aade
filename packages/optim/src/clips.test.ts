// Clips of single numbers and of single tensors; their values are compared in optax-parity.test.ts.
import { normals, type Transformation, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { expect, it } from 'vitest'
import { clipByNorm } from './clip-by-norm.js'
import { clipByValue } from './clip-by-value.js'
import { createUpdater } from './updater.js'

const gradients = {
  long: normals({ seed: 3, stream: 'a' }, 15).map((x) => 10 * x),
  short: normals({ seed: 3, stream: 'b' }, 7).map((x) => x / 10),
}

/** The gradient as the transformation leaves it: one step from 0. */
function transformed(transformation: Transformation): Tree<Float32Array> {
  const params = { long: new Float32Array(15), short: new Float32Array(7) }
  const shapes = { long: [3, 5], short: [7] }
  const updater = createUpdater({ transformation, shapes, executor: cpuExecutor() })
  updater.step(params, updater.init(), { loss: 0, terms: 1, gradients }, { step: 0, steps: 1 })
  return params
}

it('clipByValue bounds each number and leaves the others as they are', () => {
  const { long, short } = transformed(clipByValue(0.5))
  expect(short).toEqual(gradients.short)
  expect([...long!]).toEqual([...gradients.long].map((x) => Math.max(-0.5, Math.min(0.5, x))))
})

it('clipByNorm shortens the tensors that are too long, each by itself', () => {
  const { long, short } = transformed(clipByNorm(2))
  expect(short).toEqual(gradients.short)
  const norm = Math.hypot(...gradients.long)
  // A sum of 15 squares, a root and two divisions in single precision.
  long!.forEach((x, i) => expect(Math.abs(x - (gradients.long[i]! / norm) * 2)).toBeLessThan(1e-6))
})

it('both refuse a limit that leaves nothing', () => {
  for (const clip of [clipByValue, clipByNorm])
    expect(() => clip(0)).toThrow('limit: expected a finite number above 0, found 0')
})

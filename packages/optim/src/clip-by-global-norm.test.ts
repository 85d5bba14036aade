import { cpuExecutor } from '@lotion/cpu'
import { normals, type Transformation, type Tree } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { clipByGlobalNorm } from './clip-by-global-norm.js'
import { chain } from './transformation.js'
import { createUpdater } from './updater.js'

const shapes = { a: [3, 5], b: [7], c: [1] }
const gradients = {
  a: normals({ seed: 3, stream: 'a' }, 15),
  b: normals({ seed: 3, stream: 'b' }, 7),
  c: Float32Array.of(-2),
}
const norm = (tree: Tree<Float32Array>): number =>
  Math.sqrt(Object.values(tree).reduce((sum, x) => x.reduce((s, v) => s + v * v, sum), 0))

/** The gradient as the transformation leaves it: one step from 0. */
function transformed(transformation: Transformation): Tree<Float32Array> {
  const params = { a: new Float32Array(15), b: new Float32Array(7), c: new Float32Array(1) }
  const updater = createUpdater({ transformation, shapes, executor: cpuExecutor() })
  updater.step(params, updater.init(), { loss: 0, terms: 1, gradients }, { step: 0, steps: 1 })
  return params
}

describe('clipByGlobalNorm', () => {
  it('leaves a short gradient exactly as it is', () => {
    expect(transformed(clipByGlobalNorm(1.001 * norm(gradients)))).toEqual(gradients)
  })

  it('shortens a long one to the limit, in the same direction, over all parameters together', () => {
    const clipped = transformed(clipByGlobalNorm(0.5))
    // Single precision: the norm and each quotient carry a few roundings of 2^-24.
    expect(Math.abs(norm(clipped) - 0.5)).toBeLessThan(0.5 * 8 * 2 ** -24)
    const ratio = 0.5 / norm(gradients)
    clipped.b!.forEach((value, i) => expect(Math.abs(value - ratio * gradients.b[i]!)).toBeLessThan(2 ** -20))
  })

  it('keeps the norms of two clips of one chain apart', () => {
    expect(Math.abs(norm(transformed(chain(clipByGlobalNorm(2), clipByGlobalNorm(0.5)))) - 0.5)).toBeLessThan(
      0.5 * 16 * 2 ** -24,
    )
    const looser = transformed(chain(clipByGlobalNorm(0.5), clipByGlobalNorm(2)))
    expect(looser).toEqual(transformed(clipByGlobalNorm(0.5)))
  })

  it('refuses a limit that is not above 0', () => {
    for (const limit of [0, -1, Number.NaN, Infinity]) {
      expect(() => clipByGlobalNorm(limit)).toThrow(`limit: expected a finite number above 0, found ${limit}`)
    }
  })
})

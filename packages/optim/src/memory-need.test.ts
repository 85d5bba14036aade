import { mapTree } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { base, format } from '../test/bowl.js'
import { fit } from './fit.js'
import { refuseTooLarge } from './memory-need.js'
import { qat } from './qat.js'

const GiB = 2 ** 30
const memory = (limit: number) => ({
  limit: () => limit,
  resident: () => 0,
  buffers: () => 0,
  collectAt: () => 0,
})
const need = {
  params: { w: new Float32Array(0), b: new Float32Array(0) },
  shapes: { w: [2 ** 14, 2 ** 14], b: [2 ** 14] },
  slots: { w: ['adamw.m', 'adamw.v'], b: [] },
  casts: ['w'],
}
// w 1 GiB, b 64 KiB: weights and gradients of both, two slots and a cast of w.
const bytes = 5 * GiB + 2 * 2 ** 16

describe('refuseTooLarge', () => {
  it('counts weights, gradients, state and casts', () => {
    expect(() => refuseTooLarge(need, memory(bytes))).not.toThrow()
    expect(() => refuseTooLarge(need, memory(bytes - 1))).toThrow(
      'shapes: expected a run that fits the 5.00 GiB of memory that this process has, found one that needs 5.00 GiB at least ' +
        '(weights 1.00 GiB, gradients 1.00 GiB, optimizer state 2.00 GiB, casts 1.00 GiB; activations come on top): train a smaller model',
    )
  })

  it('does not judge arrays of a device', () => {
    expect(() =>
      refuseTooLarge({ ...need, params: { w: { buffer: 1 }, b: { buffer: 2 } } }, memory(1)),
    ).not.toThrow()
  })
})

it('fit refuses a model that cannot fit before it makes or runs anything', async () => {
  const options = base({ method: qat({ format }) })
  const touched = (): never => {
    throw new Error('touched')
  }
  const shapes = mapTree(options.shapes, () => [2 ** 26, 2 ** 20])
  const executor = { ...options.executor, zeros: touched, upload: touched, lanes: touched }
  await expect(
    fit({ ...options, shapes, executor, gradientStep: { ...options.gradientStep, run: touched } }),
  ).rejects.toThrow(
    /^shapes: expected a run that fits .* of memory that this process has, found one that needs [\d.]+ PiB at least \(weights/,
  )
})

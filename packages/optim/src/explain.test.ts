import { blockOf, defineLanes, evaluate, perTensor, type Lane } from '@lotion/core'
import { e4m3Nearest, e8m0Floor, int4, mxfp4, nvfp4, q4_0, withBlock, withScale } from '@lotion/formats'
import { dithered, gaussian, nearest, randomizedRounding, smoothstep, spread } from '@lotion/noise'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { annealed } from './annealed-noise.js'
import { explain, pairWarning } from './explain.js'
import { lotion } from './lotion.js'
import { linear } from './schedule.js'

const answers = (...pair: Parameters<typeof explain>): readonly boolean[] =>
  explain(...pair).map(({ holds }) => holds)

describe('explain', () => {
  it('says what is known of pairs: unbiased, representable, continuous', () => {
    for (const noise of [randomizedRounding, spread(), dithered(1)])
      for (const format of [int4, withBlock(int4, perTensor)])
        expect(answers(format, noise)).toEqual([true, true, true])
    expect(answers(int4, nearest)).toEqual([false, true, true])
    expect(answers(int4, smoothstep)).toEqual([false, true, true])
    expect(answers(int4, gaussian())).toEqual([true, false, true])
    // Powers of two: the scale doubles where the block's maximum crosses one.
    expect(answers(mxfp4, randomizedRounding)).toEqual([true, true, false])
    expect(answers(withScale(mxfp4, e8m0Floor), randomizedRounding)).toEqual([false, true, false])
    // The maximum of an NVFP4 block is no grid point: a draw may move it, and with it the scale.
    expect(answers(nvfp4, randomizedRounding)).toEqual([true, false, false])
    // Nor that of a q4_0 block: its f16 scale is rounded up.
    expect(answers(q4_0, randomizedRounding)).toEqual([true, false, false])
    expect(answers(withScale(nvfp4, e4m3Nearest), randomizedRounding)).toEqual([false, false, false])
  })

  it('takes long blocks in the time of short ones, and a pair once', () => {
    const long = withBlock(int4, blockOf(65536))
    explain(int4, smoothstep)
    const start = performance.now()
    const verdict = explain(long, smoothstep)
    // About a tenth of a second on a free core, and room for a busy one; measuring 65,536 weights a block takes far longer.
    expect(performance.now() - start).toBeLessThan(2000)
    expect(verdict.map(({ holds }) => holds)).toEqual([false, true, true])
    expect(explain(long, smoothstep)).toBe(verdict)
    expect(() => lotion({ format: long, noise: smoothstep, onWarning: () => undefined })).not.toThrow()
    // Nor is what breaks a short block fine in a long one.
    expect(answers(withBlock(nvfp4, blockOf(65536)), randomizedRounding)).toEqual([true, false, false])
    // The same weights in the same blocks: what is longer is measured as 32.
    expect(verdict).toEqual(explain(withBlock(int4, blockOf(32)), smoothstep))
  })

  it('measures: the bias of nearest rounding is at most half a cell of 14, MXFP4 jumps by about the square of its scale', () => {
    const [bias] = explain(int4, nearest)
    expect(bias!.size).toBeGreaterThan(0.9 / 14)
    expect(bias!.size).toBeLessThanOrEqual(1 / 14)
    // A scale twice as large has cells twice as wide: a mean variance four times as large where the grid is uniform.
    const jump = explain(mxfp4, randomizedRounding)[2]!
    expect(jump.size).toBeGreaterThan(0.5)
    expect(jump.size).toBeLessThan(0.9)
  })
})

describe('lotion warns', () => {
  afterEach(() => vi.restoreAllMocks())

  it('about a pair that breaks the theory, in words, once', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    for (let time = 0; time < 3; time++) lotion({ format: int4, noise: smoothstep })
    expect(warn.mock.calls).toEqual([[`lotion: ${pairWarning(int4, smoothstep)}`]])
    expect(pairWarning(int4, smoothstep)).toMatch(
      /^int4 \(scale absmax\) with the noise smoothstep breaks .* The mean of a random cast is not the weight: it is off by up to 1\.\d % of/,
    )
  })

  it('through the option, and not about pairs that are fine', () => {
    const told: string[] = []
    const onWarning = (message: string): void => void told.push(message)
    lotion({ format: int4, onWarning })
    lotion({ format: int4, noise: annealed(dithered, linear(1, 0)), onWarning })
    expect(told).toEqual([])
    lotion({ format: withScale(mxfp4, e8m0Floor), onWarning })
    expect(told).toEqual([expect.stringContaining('Choose a scale rule that never saturates')])
  })
})

describe('annealed', () => {
  it('gives the penalty the width of the step, down to randomized rounding', () => {
    const format = withBlock(int4, perTensor)
    const w = [7, 3, 2.2, -1.4, 0.9]
    const slopeAt = (noise: Parameters<typeof lotion>[0]['noise'] & {}, step: number): Float64Array => {
      const part = lotion({ format, noise, fisher: constantFisher }).penalty!
      const fn = defineLanes({
        name: 'slope',
        inputs: ['w', 'update'],
        scalars: part.scalarNames,
        outputs: ['update'],
        body: (x) => ({ update: part.update(x as never).update! }),
      })
      return evaluate([{ fn, inputs: { w, update: 0, ...part.scalars({ step, steps: 5, terms: 1 }) } }])[0]!
        .update!
    }
    const noise = annealed(dithered, linear(1, 0))
    ;[1, 0.75, 0.5, 0.25, 0].forEach((width, step) =>
      expect(slopeAt(noise, step)).toEqual(slopeAt(dithered(width), step)),
    )
    expect(slopeAt(noise, 4)).toEqual(slopeAt(randomizedRounding, 4))
    expect(() => annealed(dithered, linear(2, 0)).width({ step: 0, steps: 5 })).toThrow(
      'width: expected a number from 0 to 1',
    )
  })
})

const constantFisher = {
  name: 'one',
  needs: [],
  slots: [],
  borrows: {},
  scalarNames: [],
  scalars: () => ({}),
  observe: () => ({}),
  diagonal: ({ w }: Readonly<Record<string, Lane>>) => w!.mul(0).add(1),
}

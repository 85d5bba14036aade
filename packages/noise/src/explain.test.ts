import { blockOf, perTensor } from '@lotion/core'
import { e4m3Nearest, e8m0Floor, int4, mxfp4, nvfp4, q4_0, q8_0, withBlock, withScale } from '@lotion/formats'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dithered } from './dithered.js'
import { explain } from './explain.js'
import { gaussian } from './gaussian.js'
import { nearest } from './nearest.js'
import { randomizedRounding } from './randomized-rounding.js'
import { smoothstep } from './smoothstep.js'
import { spread } from './spread.js'

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

  it('takes a pair once, and a long block as one of 32', () => {
    const verdict = explain(withBlock(int4, blockOf(65536)), smoothstep)
    expect(verdict.map(({ holds }) => holds)).toEqual([false, true, true])
    expect(verdict).toEqual(explain(withBlock(int4, blockOf(32)), smoothstep))
    expect(explain(int4, smoothstep)).toBe(explain(int4, smoothstep))
    // Nor is what breaks a short block fine in a long one, or in one a tensor.
    expect(answers(withBlock(nvfp4, blockOf(65536)), randomizedRounding)).toEqual([true, false, false])
    expect(answers(withBlock(mxfp4, perTensor), randomizedRounding)).toEqual([true, true, false])
  })

  it('gives the sizes that the note on pairs tells', () => {
    const note = readFileSync(new URL('../../../docs/design/05-smooth-noises.md', import.meta.url), 'utf8')
    const told = note.replaceAll(/ +/g, ' ')
    for (const format of [nvfp4, q4_0, q8_0, withScale(mxfp4, e8m0Floor), withScale(nvfp4, e4m3Nearest)]) {
      const cells = explain(format, randomizedRounding).map(({ holds, size }) =>
        holds ? 'yes' : `no, ${Number((100 * size).toPrecision(2))} %`,
      )
      expect(told).toContain(`| ${format.name} (${format.scale.name}) | ${cells.join(' | ')} |`)
    }
  })

  it('measures: the bias of nearest rounding is at most half a cell of 14, MXFP4 jumps by about the square of its scale', () => {
    const [bias] = explain(int4, nearest)
    expect(bias!.size).toBeGreaterThan(0.9 / 14)
    expect(bias!.size).toBeLessThanOrEqual(1 / 14)
    // A scale twice as large has cells twice as wide: a mean variance four times as large where the grid is
    // uniform.
    const jump = explain(mxfp4, randomizedRounding)[2]!
    expect(jump.size).toBeGreaterThan(0.5)
    expect(jump.size).toBeLessThan(0.9)
  })
})

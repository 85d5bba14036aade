// The laws of formats are checked: for each a format that must fail it, with a message that names the law and
// the input.
import type { Grid, Lane, NumberFormat, ScaleCodes, Scaled, StoredCodes } from '@lotion/core'
import { e4m3Ceil, e8m0Ceil, fp4, int4, nvfp4, withScale } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { brokenInF32, brokenLaws, eachLawIsBroken, type Wrong } from '../test/broken-laws.js'
import { formatWrongInF32 } from '../test/wrong-in-f32.js'
import { formatLaws } from './format-laws.js'

const scaled = (
  change: (x: Lane, scale: Lane) => Partial<Scaled>,
  claims = int4.scale.claims,
): NumberFormat =>
  withScale(int4, {
    ...int4.scale,
    claims,
    scaled: (w, grid) => {
      const found = int4.scale.scaled(w, grid)
      return { ...found, ...change(found.x, found.scale) }
    },
  })

const grid = (change: Partial<Grid>): NumberFormat => ({ ...int4, grid: { ...int4.grid, ...change } })

const { codes, scale } = int4.packing!
/** Half of the bytes of a scale. */
const cutOff: ScaleCodes['write'] = (to, at, value) => {
  scale!.write(to, at, value)
  to.setUint16(at, 0, true)
}
const stored = (change: Partial<StoredCodes>): NumberFormat => ({
  ...int4,
  packing: { ...int4.packing!, ...change },
})

const formats: Wrong<'format'> = {
  points: { ...int4, bits: 3 },
  neighbours: grid({ around: (x) => ({ ...int4.grid.around(x), above: int4.grid.around(x).hi }) }),
  cells: grid({
    around: (x) => {
      const site = int4.grid.around(x)
      return { ...site, cell: { ...site.cell!, gap: site.cell!.gap.mul(2) } }
    },
  }),
  ties: grid({ around: (x) => ({ ...int4.grid.around(x), even: int4.grid.around(x).lo }) }),
  scale: scaled((x, scale) => ({ scale: scale.mul(1.01), x })),
  'nearest cast': grid({ around: (x) => ({ ...int4.grid.around(x), lo: int4.grid.around(x).below }) }),
  zeros: scaled((x) => ({ x: x.add(1) })),
  range: scaled((x, scale) => ({ x: x.mul(1.25), scale: scale.div(1.25) })),
  'scale without jumps': withScale(int4, { ...e8m0Ceil, claims: { continuous: true, saturates: false } }),
  // As absmax without a limit: the product of the top and a quotient that was rounded up.
  'ends of f32': scaled((x, scale) => ({ x, scale: scale.div(1 - 2 ** -20) })),
  'casting twice': scaled((x, scale) => ({ x: x.mul(0.8), scale: scale.div(0.8) })),
  'cast weights are points': scaled((x, scale) => ({ x, scale }), {
    ...int4.scale.claims,
    isExact: () => true,
  }),
  statistics: scaled(() => ({ statistics: [] })),
  'bits of scales': withScale(int4, { ...int4.scale, bits: 0 }),
  'codes of points': stored({ codes: { ...codes, decode: (code) => codes.decode(code) + 1 } }),
  'packed sizes': stored({ codes: { ...codes, bits: 8 } }),
  packing: stored({ scale: { ...scale!, write: cutOff } }),
}

/** Right unless it is told that x is bounded, as casts and training tell it. */
const wrongWhereBounded: NumberFormat = grid({
  around: (x, isBounded) => {
    const { cell: _cell, ...site } = int4.grid.around(isBounded ? x.mul(0) : x)
    return { ...site, x }
  },
})

/** NVFP4 in f64, and in f32 its two-level scale with every step rounded: casting again moves weights. */
const roundedScale = formatWrongInF32(
  nvfp4,
  withScale(nvfp4, {
    ...nvfp4.scale,
    scaled: (w, { points }) => {
      const top = points.at(-1)!
      const tensorMax = w.abs().tensorMax()
      const shared = tensorMax.less(0, 1, tensorMax.max(2 ** -149))
      const wanted = w.abs().blockMax().div(shared).mul(448)
      const gap = wanted
        .binade()
        .max(2 ** -6)
        .mul(2 ** -3)
      const below = wanted.div(gap).floor().mul(gap)
      const block = below.less(wanted, below.add(gap), below).max(2 ** -9)
      return {
        x: w
          .div(shared)
          .mul(448 * top)
          .div(block),
        scale: block.mul(tensorMax.div(448 * top)),
        statistics: [],
      }
    },
  }),
)

eachLawIsBroken('format', formats)

const inF32 = (name: string): NumberFormat => formatWrongInF32(int4, formats[name]!)
brokenInF32('format', {
  neighbours: inF32('neighbours'),
  cells: inF32('cells'),
  ties: inF32('ties'),
  scale: inF32('scale'),
  'nearest cast': inF32('nearest cast'),
  zeros: inF32('zeros'),
  range: inF32('range'),
  'casting twice': roundedScale,
  'cast weights are points': roundedScale,
})

describe('laws hold the formula that trains', () => {
  it('a format whose grid is wrong where x is bounded fails four of them', async () => {
    expect(await brokenLaws('format', wrongWhereBounded)).toEqual(['neighbours', 'ties', 'nearest cast'])
    expect(await brokenLaws('pair', { format: wrongWhereBounded, noise: randomizedRounding })).toEqual([
      'mean after scaling',
    ])
  })
})

const lawOf = (name: string) => formatLaws.find((law) => law.name === name)!
const refuted = async (name: string, format: NumberFormat) => lawOf(name).refute(format)

describe('what a scale says of itself', () => {
  it.each<[string, NumberFormat, string]>([
    [
      'a statistic that nothing reads',
      scaled((x, scale) => ({ statistics: [scale.mul(int4.grid.points.at(-1)!), x.abs().blockSum()] })),
      'statistics[0] is read neither by x nor by the scale',
    ],
    [
      'a statistic of single weights',
      scaled((x) => ({ statistics: [x.abs()] })),
      'statistics[0] is one value a weight',
    ],
    [
      'a maximum of its own for x',
      scaled((x) => ({ x: x.div(x.abs().blockMax().max(0.5)).mul(7) })),
      'with them held, the slope of the scale is 0, expected 0, and that of x -3.39',
    ],
    [
      'a scale a weight',
      scaled((x, scale) => ({ x: x.div(2), scale: scale.mul(x.less(3, 2, 2.5)) })),
      'weights of one block have the scales',
    ],
    [
      'too few bits',
      withScale(nvfp4, { ...nvfp4.scale, bits: 4 }),
      '78 scales of a block so far, stored in 4 bits',
    ],
    [
      'no bits for the factor of a tensor',
      withScale(nvfp4, { ...nvfp4.scale, tensorBits: 0 }),
      '2 scales of a tensor so far, stored in 0 bits',
    ],
  ])('%s is found', async (_, format, found) => {
    const law = found.includes('statistics') || found.includes('held') ? 'statistics' : 'bits of scales'
    expect((await refuted(law, format))?.found).toContain(found)
  })
})

describe('a packing', () => {
  it('that gives a number without a code the next one is found', async () => {
    const near = stored({ codes: { ...codes, encode: (value) => codes.encode(Math.round(value) || 0) } })
    expect(await refuted('codes of points', near)).toMatchObject({
      input: '-6.5, which no code stands for',
      found: 'it is given the code 10',
    })
  })

  it('that cannot hold the scales of another rule is not asked for them', () => {
    expect(lawOf('packing').applies!(withScale(int4, e4m3Ceil))).toBe(false)
  })
})

it.each([int4, fp4])(
  'a cell of $name that says of all numbers that they are within is found',
  async (format) => {
    const around: Grid['around'] = (x, isBounded) => {
      const { cell, ...site } = format.grid.around(x, isBounded)
      return { ...site, cell: { ...cell!, isInside: true } }
    }
    const wrong: NumberFormat = { ...format, grid: { ...format.grid, around } }
    expect(await refuted('cells', format)).toBeUndefined()
    expect(await refuted('cells', wrong)).toMatchObject({
      found: expect.stringMatching(/^the cell has offset/) as string,
    })
  },
)

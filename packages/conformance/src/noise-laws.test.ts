// The laws of noises are checked: for each a noise that must fail it, with a message that names the law and
// the input.
import type { Lane, Noise } from '@lotion/core'
import { defineNoise, gaussian, randomizedRounding, smoothstep } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { brokenInF32, eachLawIsBroken, failures, type Wrong } from '../test/broken-laws.js'
import { noiseWrongInF32 } from '../test/wrong-in-f32.js'
import { verify } from './verify.js'

/** Randomized rounding with something changed. */
const rounding = (change: Partial<Noise>, claims: Partial<Noise['claims']> = {}): Noise => ({
  ...randomizedRounding,
  ...change,
  claims: { ...randomizedRounding.claims, ...claims },
})

const atomsBy = (share: (t: Lane) => Lane) =>
  defineNoise({
    name: 'by share',
    claims: randomizedRounding.claims,
    atoms: ({ x, lo, hi }) => {
      const up = share(x.sub(lo).div(hi.sub(lo)))
      return [
        { value: lo, mass: up.mul(-1).add(1) },
        { value: hi, mass: up },
      ]
    },
  })

const noises: Wrong<'noise'> = {
  finite: rounding({ variance: ({ x, lo, hi }) => x.sub(lo).div(hi.sub(lo)) }),
  masses: atomsBy((t) => t.mul(1.5)),
  variance: rounding({ variance: (at) => randomizedRounding.variance(at).mul(2) }),
  'monotone sampler': rounding({ sample: (at, u) => randomizedRounding.sample(at, u.mul(-1).add(1)) }),
  sampler: rounding({ sample: (at, u) => randomizedRounding.sample(at, u.mul(u)) }),
  mean: rounding({ ...smoothstep, name: 'biased' }, { smooth: true }),
  outcomes: { ...gaussian(), claims: { ...gaussian().claims, onGrid: true } },
  'grid points stay': rounding({ variance: (at) => randomizedRounding.variance(at).add(0.01) }),
  slope: rounding({
    variance: ({ x, lo, hi }) =>
      x
        .sub(lo)
        .mul(hi.sub(x))
        .abs()
        .add(x.floor().mul(x.mul(-1).floor())),
  }),
  'rest on grid points': rounding({ variance: ({ x, lo }) => x.sub(lo).add(x) }),
  'same course in f32': noiseWrongInF32(
    randomizedRounding,
    rounding({ variance: (at) => randomizedRounding.variance(at).mul(1.01) }),
  ),
  'no jumps': rounding({ variance: ({ x, lo, hi }) => lo.less(hi, x.sub(lo).mul(hi.sub(x)).add(0.5), 0) }),
  'no kinks': rounding({}, { smooth: true }),
  'statement 2, flat': rounding({}, { smooth: true }),
  'statement 1': rounding({ variance: (at) => randomizedRounding.variance(at).mul(0.5) }),
  'statement 2, claims': rounding({}, { smooth: true }),
  'statement 3, minimum': rounding({
    atoms: (at) => randomizedRounding.atoms!(at).map(({ value, mass }) => ({ value: value.sub(1), mass })),
  }),
}
// A staircase of steps so fine that it looks continuous, with a slope that the graph takes for 0.
const hidden: Noise = rounding({
  variance: (at) =>
    randomizedRounding.variance(at).add(
      at.x
        .mul(2 ** 20)
        .floor()
        .div(2 ** 20),
    ),
})

eachLawIsBroken('noise', noises)

const shifted = atomsBy((t) => t)
const inF32 = (name: string, right: Noise = randomizedRounding): Noise =>
  noiseWrongInF32(right, noises[name]!)
brokenInF32('noise', {
  finite: rounding({
    variance: (at) =>
      [100, 100, -100, -100].reduce((lane, power) => lane.mul(2 ** power), randomizedRounding.variance(at)),
  }),
  masses: inF32('masses', shifted),
  variance: inF32('variance'),
  'monotone sampler': inF32('monotone sampler'),
  sampler: inF32('sampler'),
  mean: inF32('mean'),
  outcomes: inF32('outcomes'),
  'grid points stay': inF32('grid points stay'),
  'rest on grid points': inF32('rest on grid points'),
  'same course in f32': inF32('slope'),
  'statement 1': inF32('statement 1'),
  'statement 3, minimum': inF32('statement 3, minimum'),
})

describe('three wrong laws are named, with the smallest input', () => {
  it('a biased one', async () => {
    expect(await failures('noise', rounding({ ...smoothstep, name: 'biased' }, { smooth: true }))).toContain(
      "claim 'unbiased' (mean): The mean outcome is x, for every x between the ends of the grid. " +
        'Broken at x = 0.3 on the grid -1 0 1: the mean outcome is 0.216',
    )
  })

  it('one that jumps at grid points', async () => {
    expect(await failures('noise', noises['no jumps']!)).toContain(
      "claim 'continuous' (no jumps): The variance is continuous in x between the ends of the grid: no jump at grid points or inside a cell. " +
        'Broken at x = 0 on the grid -1 0 1: the variance goes 0.500001…, 0, 0.500001…',
    )
  })

  it('one whose variance is off by 2', async () => {
    expect(await failures('noise', noises['variance']!)).toEqual([
      'variance: The variance is E[(q − x)²] over the outcomes q. Broken at x = 0.3 on the grid -1 0 1: the variance is 0.42, E[(q − x)²] is 0.21',
    ])
  })
})

describe('a law given by its formulas alone', () => {
  it('is judged by its samples, outcomes rarer than a stratum included', async () => {
    const { name, claims, variance, sample } = randomizedRounding
    expect(await failures('noise', defineNoise({ name, claims, variance, sample }))).toEqual([])
  })
})

describe('claims', () => {
  it('that are denied but hold are reported', async () => {
    expect(await failures('noise', rounding({}, { unbiased: false }))).toEqual([
      "claim 'unbiased': denied, but no input breaks it. The mean outcome is x, for every x between the ends of the grid. Claim it.",
    ])
  })

  it('that are denied are not borne out by an error', async () => {
    const broken = rounding(
      {
        variance: () => {
          throw new Error('not written yet')
        },
      },
      { continuous: false },
    )
    const reports = await verify('noise', broken)
    expect(reports[0]).toMatchObject({ outcome: 'failed', message: 'an error: not written yet' })
    expect(reports.find(({ check }) => check === 'no jumps')?.outcome).toBe('skipped')
  })

  it('that are not made are not checked', async () => {
    const { onGrid: _onGrid, smooth: _smooth, ...claims } = randomizedRounding.claims
    const reports = await verify('noise', { ...randomizedRounding, claims })
    expect(reports.filter(({ outcome }) => outcome === 'skipped').map(({ check }) => check)).toEqual([
      'outcomes',
      'no kinks',
      'statement 2, flat',
    ])
    expect(reports.filter(({ outcome }) => outcome === 'failed')).toEqual([])
  })
})

it('finds a slope that is not the derivative', async () => {
  expect((await failures('noise', hidden)).some((message) => message.startsWith('slope:'))).toBe(true)
})

it('gives the same reports every time', async () => {
  expect(await verify('noise', hidden)).toEqual(await verify('noise', hidden))
})

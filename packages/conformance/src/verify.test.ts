// The checks are checked: for each law a plugin that must fail it, with a message that names the law and the input.
import {
  defineLanes,
  type FisherEstimator,
  type Grid,
  type Lane,
  type Noise,
  type NumberFormat,
  type Transformation,
  type Tree,
} from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { empirical } from '@lotion/fisher'
import { e8m0Ceil, e8m0Floor, int4, nvfp4, withScale } from '@lotion/formats'
import { defineNoise, gaussian, randomizedRounding, smoothstep } from '@lotion/noise'
import { adamw, sgd } from '@lotion/optim'
import { describe, expect, it } from 'vitest'
import { checksOf, kinds, verify, type Kind, type Plugins } from './verify.js'

type Wrong<P> = Readonly<Record<string, P>>

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

const noises: Wrong<Noise> = {
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
  'no jumps': rounding({ variance: ({ x, lo, hi }) => lo.less(hi, x.sub(lo).mul(hi.sub(x)).add(0.5), 0) }),
  'no kinks': rounding({}, { smooth: true }),
  'statement 2, flat': rounding({}, { smooth: true }),
  'statement 1': rounding({ variance: (at) => randomizedRounding.variance(at).mul(0.5) }),
  'statement 2, claims': rounding({}, { smooth: true }),
  'statement 3, minimum': rounding({ atoms: (at) => [{ value: at.lo.sub(1), mass: at.x.less(at.x, 0, 1) }] }),
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

const scaled = (
  change: (x: Lane, scale: Lane) => { x?: Lane; scale?: Lane },
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

const formats: Wrong<NumberFormat> = {
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
}

/** Right unless it is told that x is bounded, as casts and training tell it. */
const wrongWhereBounded: NumberFormat = grid({
  around: (x, isBounded) => {
    const { cell: _cell, ...site } = int4.grid.around(isBounded ? x.mul(0) : x)
    return { ...site, x }
  },
})

/** The two-level scale of NVFP4 with all steps rounded in f32: exact in f64. */
const roundedScale: NumberFormat = withScale(nvfp4, {
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
})

/** A Fisher that keeps what it has seen nowhere. */
const forgetfulFisher: FisherEstimator = { ...empirical(), observe: () => ({}) }

const fishers: Wrong<FisherEstimator> = {
  'declared slots': {
    ...empirical(),
    slots: [],
    observe: () => ({ stray: undefined as never }),
    diagonal: ({ gradient }) => gradient!.mul(gradient!),
  },
  finite: { ...empirical(), diagonal: ({ squares }) => squares!.div(squares!) },
  'not negative': { ...empirical(), diagonal: ({ squares }) => squares!.sub(1) },
  units: { ...empirical(), diagonal: ({ squares }) => squares!.sqrt() },
}

/** Momentum that is never written back. */
const forgetful: Transformation = {
  ...sgd({ learningRate: 1 }),
  slots: ['velocity'],
  update: ({ update, velocity }) => ({ update: update!.add(velocity!.mul(0.9)) }),
}

let memory = 0
const transformations: Wrong<Transformation> = {
  'declared slots': {
    ...sgd({ learningRate: 1 }),
    update: ({ update }) => ({ update: update!, velocity: update! }),
  },
  finite: { ...sgd({ learningRate: 1 }), update: ({ update }) => ({ update: update!.div(update!.abs()) }) },
  'same formula': {
    ...sgd({ learningRate: 1 }),
    update: ({ update }) => ({ update: update!.mul((memory += 1)) }),
  },
  'what is left of it': { ...sgd({ learningRate: 1 }), resolve: () => adamw({ learningRate: 1 }) },
}

const cpu = cpuExecutor()
const double = defineLanes({
  name: 'double',
  inputs: ['x'],
  outputs: ['y'],
  body: ({ x }) => ({ y: x.mul(1 + 2 ** -20) }),
})
const nudged = (x: Float32Array): Float32Array => cpu.lanes([{ fn: double, inputs: { x } }])[0]!['y']!
/** Run a call's formula, and nudge what it gives. */
const off = (when: (name: string) => boolean): Plugins['executor'] => ({
  ...cpu,
  lanes: (calls) =>
    cpu
      .lanes(calls as Parameters<typeof cpu.lanes>[0])
      .map((out, i) =>
        when(calls[i]!.fn.name)
          ? Object.fromEntries(Object.entries(out).map(([name, array]) => [name, nudged(array)]))
          : out,
      ),
})

/** An executor whose outputs go with the inputs that are freed. */
function sharing(): Plugins['executor'] {
  let made: readonly Tree<Float32Array>[] = []
  return {
    ...cpu,
    lanes: (calls) => (made = cpu.lanes(calls as Parameters<typeof cpu.lanes>[0])),
    free: () => made.flatMap(Object.values).forEach((array) => array.fill(7)),
  }
}

const executors: Wrong<Plugins['executor']> = {
  'upload and read': {
    ...cpu,
    read: (x) => cpu.read(x as Float32Array).then((array) => array.map((value) => value + 1)),
  },
  uniforms: { ...cpu, uniforms: (key, length) => cpu.uniforms({ ...key, seed: key.seed + 1 }, length) },
  formulas: off((name) => name === 'sqrt'),
  blocks: off((name) => name === 'nested reductions'),
  totals: {
    ...cpu,
    lanes: (calls) => (calls as Parameters<typeof cpu.lanes>[0]).map((call) => cpu.lanes([call])[0]!),
  },
  free: sharing(),
}

const pairs: Wrong<Plugins['pair']> = {
  finite: { format: int4, noise: rounding({ variance: ({ x }) => x.div(x.sub(x)) }) },
  'mean after scaling': {
    format: withScale(int4, { ...e8m0Floor, claims: { continuous: false, saturates: false } }),
    noise: randomizedRounding,
  },
  'cast weights stay': { format: int4, noise: rounding({ sample: ({ above }) => above }) },
  'no jumps through the scale': {
    format: withScale(int4, { ...e8m0Ceil, claims: { continuous: true, saturates: false } }),
    noise: randomizedRounding,
  },
}

const wrong: { readonly [K in Kind]: Wrong<Plugins[K]> } = {
  noise: noises,
  format: formats,
  fisher: fishers,
  transformation: transformations,
  executor: executors,
  pair: pairs,
}

describe.each(kinds)('for each law of a %s there is a plugin that fails it', (kind) => {
  const names = checksOf(kind, wrong[kind][Object.keys(wrong[kind])[0]!] as never).map(({ name }) => name)

  it('and none is missing', () => expect(Object.keys(wrong[kind]).sort()).toEqual([...names].sort()))

  it.each(names)('%s', async (name) => {
    const plugin = wrong[kind][name] as never
    const check = checksOf(kind, plugin).find((each) => each.name === name)!
    const [report] = await check.run()
    expect(report).toMatchObject({ check: name, law: check.law, outcome: 'failed' })
    expect(report!.message).toContain(check.law)
  })
})

const failures = async (noise: Noise): Promise<readonly string[]> =>
  (await verify('noise', noise)).flatMap(({ outcome, message }) => (outcome === 'failed' ? [message] : []))

describe('three wrong laws are named, with the smallest input', () => {
  it('a biased one', async () => {
    expect(await failures(rounding({ ...smoothstep, name: 'biased' }, { smooth: true }))).toContain(
      "claim 'unbiased' (mean): The mean outcome is x, for every x between the ends of the grid. " +
        'Broken at x = 0.3 on the grid -1 0 1: the mean outcome is 0.216',
    )
  })

  it('one that jumps at grid points', async () => {
    expect(await failures(noises['no jumps']!)).toContain(
      "claim 'continuous' (no jumps): The variance is continuous in x between the ends of the grid: no jump at grid points or inside a cell. " +
        'Broken at x = 0 on the grid -1 0 1: the variance goes 0.500001…, 0, 0.500001…',
    )
  })

  it('one whose variance is off by 2', async () => {
    expect(await failures(noises['variance']!)).toEqual([
      'variance: The variance is E[(q − x)²] over the outcomes q. Broken at x = 0.3 on the grid -1 0 1: the variance is 0.42, E[(q − x)²] is 0.21',
    ])
  })
})

describe('a law given by its formulas alone', () => {
  it('is judged by its samples, outcomes rarer than a stratum included', async () => {
    const { name, claims, variance, sample } = randomizedRounding
    expect(await failures(defineNoise({ name, claims, variance, sample }))).toEqual([])
  })
})

describe('laws hold the formula that trains', () => {
  const broken = async <K extends Kind>(kind: K, plugin: Plugins[K]): Promise<readonly string[]> =>
    (await verify(kind, plugin)).flatMap(({ outcome, check }) => (outcome === 'failed' ? [check] : []))

  it('a grid that is wrong where x is bounded fails', async () => {
    expect(await broken('format', wrongWhereBounded)).toEqual(['neighbours'])
    expect(await broken('pair', { format: wrongWhereBounded, noise: randomizedRounding })).toContain(
      'mean after scaling',
    )
  })

  it('a scale that is right in f64 and rounded in f32 fails', async () => {
    const reports = await verify('format', roundedScale)
    const twice = reports.find(({ check }) => check === 'casting twice')!
    expect(twice.outcome).toBe('failed')
    expect(twice.message).toContain('in f32')
  })

  it('a declared slot that no step writes fails', async () => {
    // Every law runs the formula, and so meets the error.
    expect(await broken('transformation', forgetful)).toContain('declared slots')
    expect(await broken('fisher', forgetfulFisher)).toContain('declared slots')
  })
})

describe('claims', () => {
  it('that are denied but hold are reported', async () => {
    expect(await failures(rounding({}, { unbiased: false }))).toEqual([
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
    expect((await failures(broken)).filter((message) => message.includes('(no jumps)'))).toEqual([
      expect.stringMatching(/^claim 'continuous' .*an error: not written yet$/),
    ])
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
  expect((await failures(hidden)).some((message) => message.startsWith('slope:'))).toBe(true)
})

it('gives the same reports every time', async () => {
  expect(await verify('noise', hidden)).toEqual(await verify('noise', hidden))
})

it('reports an error of the plugin as a failure, and refuses an unknown kind', async () => {
  const broken = rounding({
    variance: () => {
      throw new Error('not written yet')
    },
  })
  expect((await failures(broken))[0]).toMatch(/Broken at any input: an error: not written yet/)
  await expect(verify('grid' as never, int4 as never)).rejects.toThrow('kind: expected one of format, noise,')
})

// The laws of methods are checked: for each a method that must fail it, with a message that names the law.
import { castNearest, defineLanes, type Lane } from '@lotion/core'
import { empirical } from '@lotion/fisher'
import { e4m3Nearest, int3, int4, int8, mseClip, nvfp4, withScale } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import {
  cage,
  clippedQat,
  defineTransformation,
  lotion,
  lsq,
  qat,
  rat,
  smoothing,
  type Method,
  type TrainedValues,
} from '@lotion/optim'
import { expect, it } from 'vitest'
import { brokenLaws, eachLawIsBroken, type Wrong } from '../test/broken-laws.js'
import { methodLaws } from './method-laws.js'

const straight = qat({ format: int4 })
/** The gradient at something else than the cast. */
const at = (point: (w: Lane) => Lane): Method => ({
  ...straight,
  point: defineLanes<'w', 'w'>({
    name: 'point',
    inputs: ['w'],
    outputs: ['w'],
    body: ({ w }) => ({ w: point(w) }),
  }),
})
const adding = (update: (lanes: { readonly w: Lane; readonly update: Lane }) => Lane): Method => ({
  ...straight,
  penalty: defineTransformation({ name: 'mine', update: (x) => ({ update: update(x) }) }),
})
const penalty = smoothing({ format: int4, noise: randomizedRounding, fisher: empirical(), lambda: 1 })

/** Learned step size, but for what a test spoils. */
const learned = (spoiled: Partial<TrainedValues>): Method => {
  const right = lsq({ format: int4 })
  return { ...right, trains: { ...right.trains!, ...spoiled } }
}
const bound = lsq({ format: int4 }).trains!.values['bound']!

let count = 0
const methods: Wrong<'method'> = {
  'declared parts': { ...straight, settings: { lambda: Number.NaN } },
  'finite point': at((w) => w.div(w.abs().blockMax())),
  'same point': at((w) => w.add((count += 1))),
  // In units of the grid, its scale forgotten.
  'near the weight': at((w) =>
    w
      .div(
        w
          .abs()
          .blockMax()
          .max(2 ** -149),
      )
      .mul(7),
  ),
  'cast weights stay': { ...straight, point: castNearest(int3) },
  'passes on': adding(({ w }) => w.mul(0.01)),
  'penalty not negative': {
    ...lotion({ format: int4 }),
    penalty: { ...penalty, penalty: (x) => penalty.penalty!(x).mul(-1) },
  },
  // Twice as far: over the grid point, and on.
  'penalty within the cell': {
    ...lotion({ format: int4 }),
    penalty: {
      ...penalty,
      update: (x) => {
        const right = penalty.update(x)
        return { ...right, update: right.update.add(right.update.sub(x['update']!)) }
      },
    },
  },
  'values begin': learned({
    values: { bound: { ...bound, initial: (w: Lane) => bound.initial(w).mul(-1) } },
  }),
  // Kept by each weight for itself.
  'values stay whole': learned({ values: { bound: { ...bound, kept: (value, w) => value.min(w.abs()) } } }),
  // The weights as if nothing were rounded.
  'passes through the point': learned({ through: ({ w }) => ({ at: w!, hold: [] }) }),
  // Not clipped: the scale that was trained is lost.
  'ends with its cast': learned({ settled: ({ w }) => w! }),
  descends: adding(({ update }) => update.mul(-1)),
}

eachLawIsBroken('method', methods)

it('a correction that drops the update, and a point for another format, are found', async () => {
  const pulling = cage({ format: int4 })
  const dropping: Method = {
    ...pulling,
    correction: (optimizer) => {
      const right = pulling.correction!(optimizer)
      return { ...right, update: (x) => ({ update: right.update(x).update.sub(x['update']!) }) }
    },
  }
  expect(await brokenLaws('method', dropping)).toEqual(['passes on', 'descends'])
  expect(await brokenLaws('method', { ...straight, point: castNearest(int8) })).toEqual(['cast weights stay'])
})

it('a gradient that is held where the scale clips keeps all laws', async () => {
  for (const format of [int4, nvfp4, withScale(int4, mseClip()), withScale(nvfp4, e4m3Nearest)])
    expect(await brokenLaws('method', clippedQat({ format }))).toEqual([])
})

it('a value that differs within a block is found, where it begins and where it is trained', async () => {
  const wrongs = [
    { ...bound, initial: (w: Lane) => bound.initial(w).max(w.abs()) },
    { ...bound, slope: (slope: Lane, w: Lane) => slope.mul(w) },
  ]
  for (const [i, wrong] of wrongs.entries())
    expect(await brokenLaws('method', learned({ values: { bound: wrong } }))).toContain(
      i === 0 ? 'values begin' : 'values stay whole',
    )
})

it.each<[string, Method, string]>([
  [
    'a format that is none',
    { ...straight, format: 'int4' as never },
    'format: expected a number format, found the text',
  ],
  [
    'a point that reads a scalar',
    {
      ...straight,
      point: defineLanes({
        name: 'scaled',
        inputs: ['w'],
        scalars: ['rate'],
        outputs: ['w'],
        body: ({ w, rate }) => ({ w: w.mul(rate) }),
      }) as never,
    },
    'expected a formula from w (and uniforms u) to w, found one from w, rate',
  ],
  [
    'a penalty that was not called',
    { ...straight, penalty: smoothing as never },
    'expected a transformation',
  ],
])('%s is refused', (_, method, message) => {
  expect(() => methodLaws[0]!.refute(method)).toThrow(message)
})

it('says nothing of cast weights where a point draws, or the scale does not repeat', () => {
  const { applies } = methodLaws.find(({ name }) => name === 'cast weights stay')!
  expect(applies!(straight)).toBe(true)
  expect(applies!(rat({ format: int4 }))).toBe(false)
  expect(applies!(qat({ format: withScale(nvfp4, e4m3Nearest) }))).toBe(false)
})

// Every plugin that the packages export, found in their indexes. Comes in: the packages. Goes out: plugins by kind.
// A frozen value is found by its form. A function that makes plugins is listed in MADE with some of what it makes; a test
// fails if an exported function is neither there nor in OTHER.

import type { FisherEstimator, Grid, Noise, NumberFormat, ScaleRule, Transformation } from '@lotion/core'
import * as fisher from '@lotion/fisher'
import * as formats from '@lotion/formats'
import * as noise from '@lotion/noise'
import * as optim from '@lotion/optim'

const weights = { w: Float32Array.of(0.5, 0, 2) }
const smoothed = { format: formats.int4, noise: noise.randomizedRounding, fisher: fisher.exact(), lambda: 1 }
const narrowing = optim.annealed(noise.dithered, optim.linear(1, 0))

/** Plugins made by an exported function, by its name. */
const MADE: Readonly<Record<string, readonly unknown[]>> = {
  additiveNoise: [
    noise.additiveNoise({ name: 'triangle', deviation: 0.2, quantile: (u) => u.sub(0.5).mul(2) }),
  ],
  adamSecondMoment: [fisher.adamSecondMoment()],
  adamw: [
    optim.adamw({ learningRate: 0.01 }),
    named('adamw, decay', optim.adamw({ learningRate: 0.01, weightDecay: 0.1 })),
  ],
  annealed: [named('smoothing, annealed', optim.smoothing({ ...smoothed, noise: narrowing }))],
  clipByGlobalNorm: [optim.clipByGlobalNorm(1)],
  dithered: [0, 0.3, 1].map((width) => noise.dithered(width)),
  e8m0Scale: [],
  empirical: [fisher.empirical()],
  exact: [fisher.exact(), named('exact, given', fisher.exact(weights))],
  fixedScale: [formats.fixedScale(0.3)],
  floatScale: [],
  gaussian: [noise.gaussian()],
  gridFromPoints: [formats.gridFromPoints('uneven', [-3, -1, -0.25, 0, 0.5, 2])],
  intGrid: [formats.intGrid(5)],
  logistic: [noise.logistic()],
  minifloatGrid: [formats.e3m0, formats.e2m3].map((float) => formats.minifloatGrid(float)),
  mseClip: [formats.mseClip([1, 0.8])],
  scaledGrid: [formats.scaledGrid(formats.ternaryGrid, 0.25)],
  sgd: [
    optim.sgd({ learningRate: 0.1 }),
    named('sgd, momentum', optim.sgd({ learningRate: 0.1, momentum: 0.9 })),
    named('sgd, Nesterov', optim.sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true })),
  ],
  smoothing: [
    optim.smoothing(smoothed),
    named('smoothing, held scale', optim.smoothing({ ...smoothed, scaleGradient: false })),
  ],
  spread: [noise.spread(), noise.spread(1)],
}

/** Exported functions that make no plugin that runs per weight, one group a line. */
const OTHER: readonly string[] = [
  // Lane functions and methods: lane-functions.ts.
  'cage castStatistics lotion ptq qat quantize rat smoothingPenalty stepLanes withMethod',
  // Parts of formulas, and what makes plugins from a stranger's own.
  'chain defineFisher defineFormat defineMethod defineNoise defineTransformation divisor limited localStep masked',
  'minifloat nearestOf singles smallestCovering spacingAt topOf topPoint tukeyLambda withBlock withScale',
  // On the host: names, bytes, schedules, training.
  'bitsPerWeight byName castTree checkState clippedWeights constant constantsOf cosine createUpdater decodeMany dequantize everything',
  'drawnCasts expectBytes explain finiteScale fit formatByName formatTitle ggufPacking initialNoise isStandard largestJump largestOf layerOf linear listPositions',
  'magnitudeOf magnitudesOf meanCasts minifloatScale nearestCasts offsetBinary packingByName pairWarning quantized quantizedAxes refuseClipped refuseClippedParams resolved scheduleOf signMagnitude',
  'strata streamPacking swizzledScales twosComplement viewOf warmUp wordsOf',
].flatMap((line) => line.split(' '))

function named<P extends { readonly name: string }>(name: string, plugin: P): P {
  return Object.freeze({ ...plugin, name })
}

const exported: readonly (readonly [name: string, value: unknown])[] = [
  formats,
  noise,
  fisher,
  optim,
].flatMap((index) => Object.entries(index))

/** Exported functions that are listed neither as makers of plugins nor as others, and names listed in vain. */
export function unlistedExports(): readonly string[] {
  const functions = exported.flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))
  const listed = [...Object.keys(MADE), ...OTHER]
  return [
    ...functions.filter((name) => !listed.includes(name)),
    ...listed.filter((name) => !functions.includes(name)).map((name) => `${name} (no longer exported)`),
  ]
}

/** Exported and made values of one form, each once; two of one name are found by the test of the functions' names. */
function all<P extends { readonly name: string }>(hasForm: (value: Partial<P>) => boolean): readonly P[] {
  const values = [
    ...exported.flatMap(([, value]) => (Array.isArray(value) ? value : [value])),
    ...Object.values(MADE).flat(),
  ]
  const found = values.filter(
    (value): value is P => typeof value === 'object' && value !== null && hasForm(value as Partial<P>),
  )
  return [...new Set(found)]
}

const isFunction = (value: unknown): boolean => typeof value === 'function'

/** All formats. */
export const allFormats = all<NumberFormat>((value) => value.grid !== undefined && value.scale !== undefined)
/** All grids. */
export const allGrids = all<Grid>((value) => isFunction(value.around))
/** All scale rules. */
export const allScales = all<ScaleRule>((value) => isFunction(value.scaled))
/** All noises. */
export const allNoises = all<Noise>((value) => isFunction(value.variance) && isFunction(value.sample))
/** All Fisher estimators. */
export const allFishers = all<FisherEstimator>((value) => isFunction(value.diagonal))
/** All transformations. */
export const allTransformations = all<Transformation>(
  (value) => isFunction(value.update) && value.slots !== undefined,
)

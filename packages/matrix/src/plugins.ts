// Every plugin that the packages export, found in their indexes. Comes in: the packages. Goes out: plugins by
// kind. A frozen value is found by its form, a family by its members; of makers without a family some
// examples are listed here.

import { membersOf, type Family, type Grid, type ScaleRule } from '@lotion/core'
import { isFamily, isFisher, isFormat, isNoise, isTransformation } from '@lotion/core/internal'
import * as fisher from '@lotion/fisher'
import * as formats from '@lotion/formats'
import * as noise from '@lotion/noise'
import * as optim from '@lotion/optim'

const weights = { w: Float32Array.of(0.5, 0, 2) }
const smoothed = { format: formats.int4, noise: noise.randomizedRounding, fisher: fisher.exact(), lambda: 1 }
const narrowing = optim.annealed(noise.dithered, optim.linear(1, 0))

/** Examples of what makers without a family make. */
const examples: readonly unknown[] = [
  noise.additiveNoise({ name: 'triangle', deviation: 0.2, quantile: (u) => u.sub(0.5).mul(2) }),
  named('smoothing, annealed', optim.smoothing({ ...smoothed, noise: narrowing })),
  optim.addDecayedWeights(0.1),
  optim.clipByGlobalNorm(1),
  optim.clipByNorm(1),
  optim.clipByValue(1),
  named('exact, given', fisher.exact(weights)),
  formats.fixedScale(0.3),
  formats.gridFromPoints('uneven', [-3, -1, -0.25, 0, 0.5, 2]),
  formats.intGrid(5),
  ...[formats.e3m0, formats.e2m3].map((float) => formats.minifloatGrid(float)),
  formats.scaledGrid(formats.ternaryGrid, 0.25),
  named('sgd, Nesterov', optim.sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true })),
  optim.smoothing(smoothed),
  named('smoothing, held scale', optim.smoothing({ ...smoothed, scaleGradient: false })),
]

function named<P extends { readonly name: string }>(name: string, plugin: P): P {
  return Object.freeze({ ...plugin, name })
}

const exported: readonly unknown[] = [formats, noise, fisher, optim].flatMap((index) => Object.values(index))

/** What families are made from. */
type Context = optim.MethodContext & optim.OptimizerContext
const context: Context = { format: formats.int4, learningRate: 0.01 }

/** The members of a family, those of one name told apart by their numbers. */
function members<P extends { readonly name: string }>(family: Family<P, Context>): readonly P[] {
  const [usual, ...others] = membersOf(family, context)
  return [
    usual!,
    ...others.map((one, i) =>
      one.name === usual!.name ? named(`${one.name}, ${said(family.examples![i]!)}`, one) : one,
    ),
  ]
}

const said = (numbers: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(numbers)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

/** Exported and made values of one form, each once; the test of the functions' names finds doubles. */
function all<P extends { readonly name: string }>(hasForm: (value: unknown) => value is P): readonly P[] {
  const values = [
    ...exported.flatMap((value) => (isFamily<P, Context>(value) ? members(value) : value)),
    ...examples,
  ]
  return [...new Set(values.filter(hasForm))]
}

const hasMethod = (value: unknown, name: string): boolean => typeof Object(value)[name] === 'function'

/** All formats. */
export const allFormats = all(isFormat)
/** All grids. */
export const allGrids = all((value): value is Grid => hasMethod(value, 'around'))
/** All scale rules. */
export const allScales = all((value): value is ScaleRule => hasMethod(value, 'scaled'))
/** All noises. */
export const allNoises = all(isNoise)
/** All Fisher estimators. */
export const allFishers = all(isFisher)
/** All transformations. */
export const allTransformations = all(isTransformation)

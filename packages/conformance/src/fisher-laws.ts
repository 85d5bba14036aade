// Laws of Fisher estimators: a diagonal curvature is never negative, has the units of a curvature, and lives
// in its slots. Comes in: an estimator. Goes out: counterexamples. Source: the contract `FisherEstimator`;
// docs/design/03-formats-and-methods.md.

import { fisherDiagonal, observedSlots, scalarNames, type FisherEstimator } from '@lotion/core'
import { allArithmetics } from '@lotion/core/internal'
import { roundingOf, shown, type Counterexample, type Law } from './law.js'
import {
  firstSlots,
  evaluateStep,
  notFinite,
  probeSteps,
  signalsAt,
  stepInfo,
  type Values,
} from './step-values.js'

/** Slots, diagonal and, where there is one, `present` after each step. */
function course(
  fisher: FisherEstimator,
  size: number,
  arithmetic: 'f64' | 'f32' = 'f64',
  batch = 1,
): readonly Values[] {
  let slots = firstSlots(fisher)
  return probeSteps.map((step) => {
    const values = evaluateStep(
      fisher,
      { ...signalsAt(fisher, step, size, batch), ...slots },
      step,
      (x) => {
        const seen = observedSlots(fisher, x)
        const after = { ...x, ...seen }
        return {
          ...seen,
          diagonal: fisherDiagonal(fisher, after),
          ...(fisher.present ? { present: fisherDiagonal(fisher, after, 'present') } : {}),
        }
      },
      arithmetic,
      batch,
    )
    slots = {
      ...slots,
      ...Object.fromEntries(fisher.slots.map((slot) => [slot, values[slot] ?? slots[slot]!])),
    }
    return values
  })
}

/** What an estimator says F is. */
const estimatesOf = ({ present }: FisherEstimator): readonly string[] => [
  'diagonal',
  ...(present ? ['present'] : []),
]

const declared: Law<FisherEstimator> = {
  name: 'declared slots',
  sentence:
    '`observe` returns a value of every declared slot that does not start from given values, and of nothing else; `scalars` returns every declared scalar as a finite number.',
  refute: (fisher) => {
    // What is stray, forgotten or not declared is an error of the trace.
    course(fisher, 1)
    return badScalar(fisher)
  },
}

/** A declared scalar that is missing or not finite, or differs when asked again. */
export function badScalar(part: Pick<FisherEstimator, 'name' | 'scalars'>): Counterexample | undefined {
  for (const step of probeSteps) {
    const [once, again] = [part.scalars(stepInfo(step)), part.scalars(stepInfo(step))]
    for (const name of scalarNames(part)) {
      if (!Number.isFinite(once[name]))
        return { input: `step ${step}`, found: `the scalar '${name}' is ${once[name]}` }
      if (once[name] !== again[name])
        return {
          input: `step ${step}`,
          found: `the scalar '${name}' is ${once[name]}, and asked again ${again[name]}: it keeps a state outside slots`,
        }
    }
  }
  return undefined
}

const finite: Law<FisherEstimator> = {
  name: 'finite',
  sentence:
    'Diagonal, `present` and slots are finite numbers in single precision, from the first step on, for gradients of 0, of 10^-18 and of 10^12.',
  refute: (fisher) => {
    for (const size of [1, 0, 1e-18, 1e12]) {
      for (const [step, values] of course(fisher, size, 'f32').entries()) {
        const bad = notFinite(values)
        if (bad)
          return { input: `step ${step}, signals of size ${size}`, found: `${bad.name} is ${bad.value}` }
      }
    }
    return undefined
  },
}

const positive: Law<FisherEstimator> = {
  name: 'not negative',
  sentence:
    'The diagonal, and `present` where there is one, is never below 0: a negative curvature would reward distance from the grid.',
  refute: (fisher) => {
    for (const arithmetic of allArithmetics) {
      for (const [step, values] of course(fisher, 1, arithmetic).entries()) {
        for (const name of estimatesOf(fisher)) {
          const bad = values[name]!.find((value) => value < 0)
          if (bad !== undefined)
            return {
              input: `step ${step}`,
              found: `a value of its ${name} is ${shown(bad)} in ${arithmetic}`,
            }
        }
      }
    }
    return undefined
  },
}

const awake: Law<FisherEstimator> = {
  name: 'not 0 from the start',
  sentence:
    'A weight whose signals are not 0 in the first 6 steps has a diagonal above 0 after one of them; later steps are not tried. An estimate of 0 would turn the penalty off, and nobody is told.',
  refute: (fisher) => {
    for (const arithmetic of allArithmetics) {
      const steps = course(fisher, 1, arithmetic)
      const signals = probeSteps.flatMap((step) => Object.values(signalsAt(fisher, step)))
      const i = steps[0]!['diagonal']!.findIndex(
        (_, k) =>
          signals.every((values) => values[k] !== 0) && steps.every(({ diagonal }) => !(diagonal![k]! > 0)),
      )
      if (i >= 0)
        return {
          input: `weight ${i}, in ${arithmetic}`,
          found: `its diagonal is 0 after each of ${steps.length} steps`,
        }
    }
    return undefined
  },
}

/** What is borrowed has units that only the lender knows; so has what starts from given values. */
const ownUnits = ({ borrows, needs, initial }: FisherEstimator): boolean =>
  Object.keys(borrows).length === 0 && needs.length > 0 && initial === undefined

/**
 * Search for a diagonal, or a `present`, that is not `factor` times that of signals of size 1, up to a few
 * roundings.
 */
function scaled(
  fisher: FisherEstimator,
  other: (arithmetic: 'f64' | 'f32') => readonly Values[],
  factor: number,
): Counterexample | undefined {
  for (const arithmetic of allArithmetics) {
    const [first, second] = [course(fisher, 1, arithmetic), other(arithmetic)]
    for (const [step, name] of probeSteps.flatMap((at) =>
      estimatesOf(fisher).map((of) => [at, of] as const),
    )) {
      const [from, to] = [first[step]![name]!, second[step]![name]!]
      // All factors are powers of 2: without additions of other units nothing is rounded otherwise.
      const i = from.findIndex(
        (value, k) => Math.abs(to[k]! - factor * value) > 64 * roundingOf(arithmetic) * factor * value,
      )
      if (i >= 0)
        return {
          input: `step ${step}, in ${arithmetic}`,
          found: `the ${name} goes from ${shown(from[i]!)} to ${shown(to[i]!)}`,
        }
    }
  }
  return undefined
}

const units: Law<FisherEstimator> = {
  name: 'units',
  sentence:
    'Signals twice as large in gradients, four times in curvatures, make a diagonal, and a `present`, four times as large.',
  applies: ownUnits,
  refute: (fisher) => scaled(fisher, (arithmetic) => course(fisher, 2, arithmetic), 4),
}

const terms: Law<FisherEstimator> = {
  name: 'loss terms',
  sentence:
    'The diagonal, and `present` where there is one, is that of a single loss term: a mean over four times as many terms, whose gradients are half as large and whose curvatures are the same, leaves them as they are.',
  applies: ownUnits,
  refute: (fisher) => scaled(fisher, (arithmetic) => course(fisher, 1, arithmetic, 4), 1),
}

/** What every Fisher estimator is held to. */
export const fisherLaws: readonly Law<FisherEstimator>[] = Object.freeze([
  declared,
  finite,
  positive,
  awake,
  units,
  terms,
])

// Laws of transformations that train: they resume, chain and, if they are optimizers, descend. Comes in: a
// transformation. Goes out: counterexamples. It runs as it ships, fused by `stepLanes` of @lotion/optim.
// Source: docs/design/03-formats-and-methods.md.

import { evaluate, layoutOf, leafOf, perTensor, type StepInfo, type Transformation } from '@lotion/core'
import { allArithmetics, updateLanes } from '@lotion/core/internal'
import { chain } from '@lotion/optim'
import { LINEAR_STEP_SIZE, resolved, stepLanes } from '@lotion/optim/internal'
import { shown, type Counterexample, type Law } from './law.js'
import { evaluateStep, PROBE_SIZE, probeSteps, signalsAt, stepInfo, type Values } from './step-values.js'

type Arithmetic = (typeof allArithmetics)[number]

const weightsOf = (state: Values): readonly number[] => leafOf(state, 'w', 'state')

/** What is left for a vector: laws about numbers need one formula. */
const leftOf = (part: Transformation): Transformation | null =>
  resolved(part, { name: 'probe', shape: [PROBE_SIZE] })

const emptyState = (part: Transformation, w: readonly number[]): Values => ({
  ...Object.fromEntries(part.slots.map((slot) => [slot, w.map(() => 0)])),
  w,
})

/** Take steps of a whole, from one of them on: its fused formula, as executors run it. */
function stepped(
  part: Transformation,
  start: Values,
  steps: readonly StepInfo[],
  signals: (step: number, w: readonly number[]) => Values,
  arithmetic: Arithmetic,
): Values {
  const fn = stepLanes(part)
  const layout = layoutOf([weightsOf(start).length], part.block ?? perTensor)
  return steps.reduce((state, at) => {
    const inputs = { ...signals(at.step, weightsOf(state)), ...state, ...part.scalars(at) }
    const out = evaluate([{ fn, inputs, layout }], arithmetic)[0]!
    return Object.fromEntries(Object.entries(out).map(([name, array]) => [name, Array.from(array)]))
  }, start)
}

/** The signals of a probe's step under the names of a whole; its weights come from the state. */
const probeSignals =
  (part: Transformation) =>
  (step: number): Values => {
    const { w: _w, update, ...others } = signalsAt(part, step)
    return { gradient: update!, ...others }
  }

/** The first value in which two states differ, to the bit. */
function differing(one: Values, other: Values): string | undefined {
  for (const [name, values] of Object.entries(one)) {
    const i = values.findIndex((value, k) => !Object.is(value, other[name]?.[k]))
    if (i >= 0) return `${name} is ${values[i]} and ${other[name]?.[i]}`
  }
  return undefined
}

/** It needs nothing of others: what it borrows only of an optimizer behind it, it can do without. */
const alone = ({ borrows, initial = {} }: Transformation): boolean =>
  Object.values(borrows).every((from) => from === LINEAR_STEP_SIZE) && Object.keys(initial).length === 0

const resumes: Law<Transformation> = {
  name: 'resumes',
  sentence:
    'Stopped after any step, its weights and slots continue to the same bits as without the interruption.',
  applies: alone,
  refute: (part) => {
    const left = leftOf(part)
    if (!left) return undefined
    const infos = probeSteps.map((step) => stepInfo(step))
    for (const arithmetic of allArithmetics) {
      const run = (start: Values, steps: readonly StepInfo[]): Values => {
        const whole = chain(left)
        return stepped(whole, start, steps, probeSignals(left), arithmetic)
      }
      const start = emptyState(chain(left), signalsAt(left, 0)['w']!)
      const uninterrupted = run(start, infos)
      for (const stop of probeSteps.slice(1)) {
        const stored = structuredClone(run(start, infos.slice(0, stop)))
        const found = differing(uninterrupted, run(stored, infos.slice(stop)))
        if (found !== undefined)
          return { input: `a run of ${infos.length} steps in ${arithmetic}, stopped after ${stop}`, found }
      }
    }
    return undefined
  },
}

const COPIES = 3

/** What three of it do one after the other, each with slots of its own, in numbers. */
function oneByOne(
  part: Transformation,
  whole: Values,
  slots: readonly string[],
  step: number,
  arithmetic: Arithmetic,
): Values {
  const given = signalsAt({ ...part, borrows: {} }, step)
  const next: Record<string, readonly number[]> = {}
  let update = given['update']!
  for (let copy = 0; copy < COPIES; copy++) {
    const own = slots.slice(copy * part.slots.length, (copy + 1) * part.slots.length)
    const values = {
      ...given,
      w: weightsOf(whole),
      update,
      ...Object.fromEntries(part.slots.map((slot, i) => [slot, whole[own[i]!]!])),
    }
    const out = evaluateStep(part, values, step, (x) => updateLanes(part, x), arithmetic)
    update = out['update']!
    part.slots.forEach((slot, i) => (next[own[i]!] = out[slot]!))
  }
  const round = arithmetic === 'f32' ? Math.fround : (value: number): number => value
  return { ...next, w: weightsOf(whole).map((value, i) => round(value + update[i]!)) }
}

const chains: Law<Transformation> = {
  name: 'chains',
  sentence:
    'Three of it in a chain, bracketed either way, do what they do one after the other, each with slots of its own.',
  applies: alone,
  refute: (part) => {
    const left = leftOf(part)
    if (!left) return undefined
    const bracketed = [chain(chain(left, left), left), chain(left, chain(left, left))]
    for (const arithmetic of allArithmetics) {
      for (const [side, whole] of bracketed.entries()) {
        const w = signalsAt(left, 0)['w']!.map(arithmetic === 'f32' ? Math.fround : (value) => value)
        let state = emptyState(whole, w)
        for (const step of probeSteps.slice(0, 2)) {
          const expected = oneByOne(left, state, whole.slots, step, arithmetic)
          state = stepped(whole, state, [stepInfo(step)], probeSignals(left), arithmetic)
          const found = differing(state, expected)
          if (found !== undefined)
            return {
              input: `step ${step} in ${arithmetic}, bracketed on the ${side === 0 ? 'left' : 'right'}`,
              found: `in the chain and one by one ${found}`,
            }
        }
      }
    }
    return undefined
  },
}

/** Steps of a descent, and how many of the largest steps lie between the nearest weights and the minimum. */
const longDescent = { steps: 400, distance: 20 } as const

/** Largest and smallest curvature of the bowls, relative to what the largest step size allows. */
const bowls = { 'a parabola': 1, 'a quadratic of condition 100, turned by 45 degrees': 100 } as const

/**
 * Descend ½ h Σ (a² + b² / condition), a and b the sum and difference of two weights' distances over √2. With
 * h = 1 / (2 · largest step size) plain gradient descent halves a in every step: slower optimizers are given
 * their number of steps.
 */
function descended(part: Transformation, largest: number, condition: number, arithmetic: Arithmetic): number {
  const away = longDescent.distance * largest
  const minimum = Array.from({ length: 8 }, (_, i) => (i % 3 === 0 ? -5 : 5) * largest)
  const curvature = 1 / (2 * largest)
  const [mean, half] = [(1 + 1 / condition) / 2, (1 - 1 / condition) / 2]
  const slope = (w: readonly number[]): number[] => {
    const off = w.map((value, i) => value - minimum[i]!)
    return off.map((value, i) => curvature * (mean * value + half * off[i ^ 1]!))
  }
  const loss = (w: readonly number[]): number =>
    slope(w).reduce((sum, g, i) => sum + 0.5 * g * (w[i]! - minimum[i]!), 0)
  // Pairs start away from the minimum along their sum, or five times as far along their difference, where the
  // turned bowl is flat.
  const start = minimum.map((value, i) => value + away * (i % 4 < 2 ? 1 : i % 2 === 0 ? 5 : -5))
  const infos = Array.from({ length: longDescent.steps }, (_, step) => ({
    step,
    steps: longDescent.steps,
    terms: 1,
  }))
  const signals = (_: number, w: readonly number[]): Values => ({
    gradient: slope(w),
    ...Object.fromEntries(
      part.needs.flatMap(({ name }) => (name === 'gradient' ? [] : [[name, w.map(() => curvature * mean)]])),
    ),
  })
  const whole = chain(part)
  return loss(weightsOf(stepped(whole, emptyState(whole, start), infos, signals, arithmetic))) / loss(start)
}

const descends: Law<Transformation> = {
  name: 'descends',
  sentence:
    'An optimizer (it declares `stepSize`) comes down to a tenth of the loss in 400 steps, from 100 of its largest steps away, on a parabola and on a quadratic of condition 100.',
  applies: (part) => part.stepSize !== undefined && alone(part),
  refute: (part): Counterexample | undefined => {
    const left = leftOf(part)
    if (!left) return undefined
    const rates = Array.from({ length: longDescent.steps }, (_, step) => {
      const scalars = left.scalars({ step, steps: longDescent.steps, terms: 1 })
      return scalars[left.stepSize ?? ''] ?? Number.NaN
    })
    const wrong = rates.findIndex((rate) => !(rate >= 0))
    if (wrong >= 0) return { input: `step ${wrong}`, found: `its step size is ${rates[wrong]}` }
    const largest = Math.max(...rates)
    if (largest === 0) return { input: 'any step', found: 'its step size is 0 throughout' }
    for (const arithmetic of allArithmetics) {
      for (const [bowl, condition] of Object.entries(bowls)) {
        const ratio = descended(left, largest, condition, arithmetic)
        if (!(ratio < 0.1))
          return { input: `${bowl}, in ${arithmetic}`, found: `${shown(ratio)} of the loss is left` }
      }
    }
    return undefined
  },
}

/** What every transformation that trains is held to. */
export const trainingLaws: readonly Law<Transformation>[] = Object.freeze([resumes, chains, descends])

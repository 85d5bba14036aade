// Laws of transformations: declared slots, finite numbers, no memory outside the slots. Comes in: a
// transformation. Goes out: counterexamples. Source: the contract `Transformation`; optax's pair of pure
// functions.

import { scalarNames, type Transformation } from '@lotion/core'
import { penaltyLane, updateLanes } from '@lotion/core/internal'
import { badScalar } from './fisher-laws.js'
import type { Law } from './law.js'
import { trainingLaws } from './training-laws.js'
import { firstSlots, evaluateStep, notFinite, probeSteps, signalsAt, type Values } from './step-values.js'

/** What every step returns. */
function course(part: Transformation, size: number, arithmetic: 'f64' | 'f32' = 'f64'): readonly Values[] {
  let slots = firstSlots(part)
  return probeSteps.map((step) => {
    const values = evaluateStep(
      part,
      { ...signalsAt(part, step, size), ...slots },
      step,
      (x) => {
        const term = penaltyLane(part, x)
        return { ...updateLanes(part, x), ...(term ? { 'its penalty': term } : {}) }
      },
      arithmetic,
    )
    slots = Object.fromEntries(part.slots.map((slot) => [slot, values[slot] ?? slots[slot]!]))
    return values
  })
}

const declared: Law<Transformation> = {
  name: 'declared slots',
  sentence:
    '`update` returns `update` and a value of every declared slot that does not start from given values, nothing else; `scalars` returns every declared scalar as a finite number, the same when asked again.',
  refute: (part) => {
    // What is stray, forgotten or not declared is an error of the trace.
    course(part, 1)
    return badScalar(part)
  },
}

const finite: Law<Transformation> = {
  name: 'finite',
  sentence:
    'Update, slots and penalty are finite numbers in single precision, from the first step on, for gradients of 0, of 10^-18 and of 10^12.',
  refute: (part) => {
    for (const size of [1, 0, 1e-18, 1e12]) {
      for (const [step, values] of course(part, size, 'f32').entries()) {
        const bad = notFinite(values)
        if (bad)
          return { input: `step ${step}, gradients of size ${size}`, found: `${bad.name} is ${bad.value}` }
      }
    }
    return undefined
  },
}

const traced: Law<Transformation> = {
  name: 'same formula',
  sentence: 'Its formula is the same every time it is asked for: nothing is remembered but in slots.',
  refute: (part) => {
    const [once, again] = [course(part, 1), course(part, 1)]
    for (const step of probeSteps) {
      for (const [name, values] of Object.entries(once[step]!)) {
        const i = values.findIndex((value, k) => !Object.is(value, again[step]![name]?.[k]))
        if (i >= 0)
          return {
            input: `step ${step}, run twice`,
            found: `${name} is ${values[i]}, then ${again[step]![name]?.[i]}`,
          }
      }
    }
    return undefined
  },
}

const resolving: Law<Transformation> = {
  name: 'what is left of it',
  sentence:
    'For every parameter `resolve` leaves a transformation with no other slots and scalars than declared, or nothing.',
  applies: (part) => part.resolve !== undefined,
  refute: (part) => {
    for (const shape of [[4, 4], [4], []]) {
      const left = part.resolve!({ name: 'probe', shape })
      if (left === null) continue
      const known = [...part.slots, ...scalarNames(part)]
      const stray = [...left.slots, ...scalarNames(left)].find((name) => !known.includes(name))
      if (stray !== undefined)
        return {
          input: `a parameter of shape [${shape.join(', ')}]`,
          found: `'${stray}' is declared by what is left, not by the whole`,
        }
    }
    return undefined
  },
}

/** What every transformation is held to. */
export const transformationLaws: readonly Law<Transformation>[] = Object.freeze([
  declared,
  finite,
  traced,
  resolving,
  ...trainingLaws,
])

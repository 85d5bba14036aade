// Learning rate and λ that follow the hand while a run goes on. Comes in: a transformation, numbers that may
// be set at any time. Goes out: the same transformation, whose scalars are those numbers once they are set.

import type { StepInfo, Transformation } from '@lotion/core'

/** What may be set while a run goes on; as the schedules say until then. */
export interface Steering {
  learningRate?: number
  lambda?: number
}

/** Names of scalars that hold a method's strength: of a penalty, of a correction. */
const strengths = ['lambda', 'strength']

/**
 * Let a transformation follow what is set.
 * @throws on a step at which a scalar follows the length of the run, if that is not known (NaN).
 */
export function steered(part: Transformation, steering: Steering): Transformation {
  const { resolve, parts, stepSize } = part
  const set = (name: string): number | undefined =>
    name === stepSize
      ? steering.learningRate
      : stepSize === undefined && strengths.includes(name)
        ? steering.lambda
        : undefined
  const scalars = (at: StepInfo): Readonly<Record<string, number>> => {
    const found = lengthsOf(at).map((steps) => part.scalars({ ...at, steps }))
    return Object.fromEntries(
      Object.entries(found[0]!).map(([name, own]) => {
        const value = set(name)
        if (value === undefined && found.some((other) => !Object.is(other[name], own)))
          throw lengthUnknown(`${part.name}: ${name}`)
        return [name, value ?? own]
      }),
    )
  }
  return {
    ...part,
    scalars,
    ...(parts ? { parts: parts.map((one) => steered(one, steering)) } : {}),
    ...(resolve
      ? {
          resolve: (parameter) => {
            const left = resolve(parameter)
            return left && steered(left, steering)
          },
        }
      : {}),
  }
}

/**
 * Lengths of a run that a step is in: its own, or, where that is not known, some from the shortest to one
 * without an end in sight. What is the same in all of them is taken, at this step; a schedule may well
 * follow the length later alone.
 */
const lengthsOf = ({ step, steps }: StepInfo): readonly number[] =>
  Number.isNaN(steps) ? [step + 1, step + 2, 2 * step + 3, 10 * step + 10, 1e9] : [steps]

const lengthUnknown = (what: string): TypeError =>
  new TypeError(
    `steps: expected the length of the run, which '${what}' follows, found none; give it, quantized(model, method, { steps }), or train by fit`,
  )

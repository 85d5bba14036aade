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
 * @throws on a step, if a schedule asks for the length of a run that is not known (NaN).
 */
export function steered(part: Transformation, steering: Steering): Transformation {
  const { resolve, parts, stepSize } = part
  const set = (name: string): number | undefined =>
    name === stepSize
      ? steering.learningRate
      : stepSize === undefined && strengths.includes(name)
        ? steering.lambda
        : undefined
  const scalars = (at: StepInfo): Readonly<Record<string, number>> =>
    Object.fromEntries(
      Object.entries(part.scalars(at)).map(([name, own]) => {
        const value = set(name)
        if (value === undefined && Number.isNaN(at.steps) && followsLength(part, name))
          throw lengthUnknown(`${part.name}: ${name}`)
        return [name, value ?? own]
      }),
    )
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

/** Whether a scalar is another one in a run that ends with a step than in one that goes on long after it. */
function followsLength(part: Transformation, name: string): boolean {
  const [ending, going] = [10, 1e6].map(
    (steps) => part.scalars({ step: 9, updates: 9, steps, terms: 1 })[name],
  )
  return ending !== going
}

const lengthUnknown = (what: string): TypeError =>
  new TypeError(
    `steps: expected the length of the run, which '${what}' follows, found none; give it, quantized(model, method, { steps }), or train by fit`,
  )

// Runs a Fisher estimator or a transformation for a few steps on made-up signals. Comes in: its formulas.
// Goes out: numbers.
// Source: the contracts `FisherEstimator` and `Transformation` of @lotion/core: slots go in and come out,
// nothing else is kept.

import {
  defineLanes,
  evaluate,
  layoutOf,
  normals,
  scalarNames,
  type Block,
  type Lane,
  type Signal,
  type StepInfo,
  type StepLanes,
} from '@lotion/core'

/** What estimators and transformations have in common. */
export interface Stepping {
  readonly name: string
  readonly needs: readonly Signal[]
  readonly slots: readonly string[]
  readonly borrows: Readonly<Record<string, string>>
  readonly initial?: Readonly<Record<string, unknown>>
  readonly block?: Block
  scalars(at: StepInfo): Readonly<Record<string, number>>
}

/** Values by name, one a weight. */
export type Values = Readonly<Record<string, readonly number[]>>

/** Weights in a run of the probe: a ragged number of blocks. */
export const PROBE_SIZE = 40

/** Steps of a probe's run, and loss terms a step. */
const STEPS = 6
const TERMS = 4

/** Where a probe's run stands. */
export const stepInfo = (step: number, batch = 1): StepInfo => ({ step, steps: STEPS, terms: TERMS * batch })

/**
 * Signals of one step, over a batch of so many times the usual terms: gradients of either sign, 0 here and
 * there; curvature and what is borrowed at least 0.
 */
export function signalsAt(part: Stepping, step: number, size = 1, batch = 1): Values {
  const gradientSize = size / Math.sqrt(batch)
  const draw = (stream: string): readonly number[] =>
    Array.from(normals({ seed: 1, stream, step }, PROBE_SIZE), (z, i) => (i % 7 === 0 ? 0 : z))
  const square = (stream: string): readonly number[] => draw(stream).map((z) => z * z * size * size)
  return {
    w: draw('w'),
    update: draw('gradient').map((z) => z * gradientSize),
    ...Object.fromEntries(
      part.needs.map(({ name, units = name === 'gradient' ? 'gradient' : 'curvature' }) => [
        name,
        units === 'gradient' ? draw(name).map((z) => z * gradientSize) : square(name),
      ]),
    ),
    ...Object.fromEntries(
      Object.keys(part.borrows).map((name) => [name, square(name).map((value) => 0.25 + value)]),
    ),
  }
}

/** Slots as an updater makes them: 0, or some number above 0 where they start from given values. */
export function firstSlots({ slots, initial = {} }: Stepping): Values {
  return Object.fromEntries(
    slots.map((slot) => [slot, Array.from({ length: PROBE_SIZE }, () => (slot in initial ? 0.5 : 0))]),
  )
}

/** Evaluate named lanes of one step. */
export function evaluateStep(
  part: Stepping,
  values: Values,
  step: number,
  formula: (x: StepLanes) => Readonly<Record<string, Lane>>,
  arithmetic: 'f64' | 'f32' = 'f64',
  batch = 1,
): Readonly<Record<string, readonly number[]>> {
  const inputs = Object.keys(values)
  const scalars = scalarNames(part)
  const layout = layoutOf([PROBE_SIZE], part.block ?? { kind: 'tensor' })
  const run = (
    outputs: readonly string[],
    body: (x: StepLanes) => Record<string, Lane>,
  ): Readonly<Record<string, Float64Array>> =>
    evaluate(
      [
        {
          fn: defineLanes({ name: part.name, inputs, scalars, outputs, body }),
          inputs: { ...values, ...part.scalars(stepInfo(step, batch)) },
          layout,
        },
      ],
      arithmetic,
    )[0]!
  let names: readonly string[] = []
  run([], (x) => {
    names = Object.keys(formula(x))
    return {}
  })
  // A choice that reads w makes every output one value a weight.
  const out = run(names, (x) =>
    Object.fromEntries(
      Object.entries(formula(x)).map(([name, lane]) => [name, x['w']!.less(Infinity, lane, 0)]),
    ),
  )
  return Object.fromEntries(Object.entries(out).map(([name, array]) => [name, Array.from(array)]))
}

/** The first value that is not a finite number, by name. */
export function notFinite(values: Values): { readonly name: string; readonly value: number } | undefined {
  for (const [name, array] of Object.entries(values)) {
    const value = array.find((each) => !Number.isFinite(each))
    if (value !== undefined) return { name, value }
  }
  return undefined
}

/** Steps of a probe's run, from 0. */
export const probeSteps: readonly number[] = Array.from({ length: STEPS }, (_, step) => step)

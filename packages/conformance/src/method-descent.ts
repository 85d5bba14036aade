// A law of methods: with plain gradient descent, the cast weights come down to weights that the format has.
// Comes in: a method. Goes out: a counterexample. It runs as `fit` does, gradient at the method's point and
// one fused formula, by evaluation. Source: LOTION (arXiv 2510.08757).

import { castNearest, evaluate, layoutOf, leafOf, normals, uniforms, type Arithmetic } from '@lotion/core'
import { allArithmetics } from '@lotion/core/internal'
import { sgd, withMethod, type Method } from '@lotion/optim'
import { resolved, stepLanes } from '@lotion/optim/internal'
import { shown, type Law } from './law.js'
import { firstValues, settledOf } from './method-values.js'
import type { Values } from './step-values.js'

const SIZE = 64
const STEPS = 120

/**
 * Curvature and step size. Squares of such small gradients, which Fishers take for a curvature, leave the
 * penalty of LOTION weaker than the loss.
 */
const [CURVATURE, RATE] = [0.25, 0.4] as const

/** How far weights of size 1 start from the minimum. */
const AWAY = 0.3

/** Largest part of the loss that may be left: a penalty may hold weights away from a minimum. */
const MOST = 0.25

/** The loss ½ Σ (q − t)² of cast weights q that is left of that at the start; t are cast weights too. */
function lossLeft(method: Method, arithmetic: Arithmetic): number {
  const { format } = method
  const parameter = { name: 'w', shape: [SIZE] }
  const layout = layoutOf(parameter.shape, format.block)
  const whole = resolved(
    withMethod(method, sgd({ learningRate: RATE }), () => ({ axis: -1 })),
    parameter,
  )!
  const fn = stepLanes(whole)
  const cast = (w: readonly number[]): readonly number[] =>
    Array.from(
      leafOf(evaluate([{ fn: castNearest(format), inputs: { w }, layout }], arithmetic)[0]!, 'w', 'cast'),
    )
  const draw = (stream: string): readonly number[] => [...normals({ seed: 7, stream }, SIZE)]
  const minimum = cast(draw('minimum'))
  const lossOf = (w: readonly number[]): number =>
    cast(w).reduce((sum, q, i) => sum + (q - minimum[i]!) ** 2, 0)
  const start = draw('start').map((z, i) => Math.fround(minimum[i]! + AWAY * z))
  let w = start
  const { name: part, trains } = method
  const named = Object.entries(firstValues(method, w, layout, arithmetic))
  let state: Values = {
    ...Object.fromEntries(whole.slots.map((slot) => [slot, w.map(() => 0)])),
    ...Object.fromEntries(named.map(([value, first]) => [`${part}.${value}`, first])),
  }
  const values = (): Values =>
    Object.fromEntries(
      Object.keys(trains?.values ?? {}).map((value) => [value, leafOf(state, `${part}.${value}`, 'state')]),
    )
  for (let step = 0; step < STEPS; step++) {
    const { point } = method
    const drawn = point?.inputs.some((name) => name === 'u')
      ? { u: [...uniforms({ seed: 7, stream: 'u', step }, SIZE)] }
      : {}
    const at = point
      ? leafOf(
          evaluate([{ fn: point, inputs: { w, ...drawn, ...values() }, layout }], arithmetic)[0]!,
          'w',
          'point',
        )
      : w
    const gradient = Array.from(at, (value, i) => CURVATURE * (value - minimum[i]!))
    // A strong penalty has minima of its own: a curvature that is told would hold weights there.
    const signals = Object.fromEntries(
      whole.needs.flatMap(({ name }) => (name === 'gradient' ? [] : [[name, w.map(() => 0)]])),
    )
    const inputs = { ...state, ...signals, w, gradient, ...whole.scalars({ step, steps: STEPS, terms: 1 }) }
    const { w: next, ...slots } = evaluate([{ fn, inputs, layout }], arithmetic)[0]!
    w = [...next!]
    state = Object.fromEntries(Object.entries(slots).map(([name, values]) => [name, [...values]]))
  }
  return lossOf(settledOf(method, w, layout, arithmetic, values())) / lossOf(start)
}

/** Training with the method reaches weights that are on the grid. */
export const descends: Law<Method> = {
  name: 'descends',
  sentence:
    'With plain gradient descent a quadratic loss of the cast weights, whose minimum the format represents, comes down to a quarter.',
  refute: (method) => {
    for (const arithmetic of allArithmetics) {
      const left = lossLeft(method, arithmetic)
      if (!(left <= MOST))
        return { input: `${STEPS} steps in ${arithmetic}`, found: `${shown(left)} of it is left` }
    }
    return undefined
  },
}

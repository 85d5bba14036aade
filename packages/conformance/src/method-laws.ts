// Laws of methods: the point of the gradient lies where the weights are cast, and the task's gradient reaches
// the weights. Comes in: a method. Goes out: counterexamples. Its penalty and correction are transformations
// too. Source: the contract `Method` of @lotion/optim; docs/design/03-formats-and-methods.md.

import { evaluate, layoutOf, type Arithmetic, type Transformation } from '@lotion/core'
import { allArithmetics } from '@lotion/core/internal'
import { nearestCasts } from '@lotion/noise/internal'
import { defineMethod, type Method } from '@lotion/optim'
import { LINEAR_STEP_SIZE, resolved } from '@lotion/optim/internal'
import { evaluated, largestOf, onBlocks } from './block-values.js'
import { descends } from './method-descent.js'
import { firstValues, settledOf, valueLaws } from './method-values.js'
import { roundingOf, shown, type Counterexample, type Law } from './law.js'
import { probeBlocks, type ProbeBlocks } from './probe-blocks.js'
import { evaluateStep, firstSlots, PROBE_SIZE, probeSteps, signalsAt, type Values } from './step-values.js'

/** Uniforms of a point that draws: the middle, and the ends. */
const draws = [0.5, 0, 1 - 2 ** -24] as const

const isDrawn = ({ point }: Method): boolean => point?.inputs.some((name) => name === 'u') === true

/** Where the gradient is taken, from a trace of its own: a formula is remembered by its record. */
function pointsOf(
  method: Method,
  { layout }: Pick<ProbeBlocks, 'layout'>,
  w: readonly number[],
  u: number,
  arithmetic: Arithmetic,
): Float64Array {
  const inputs = {
    w,
    ...(isDrawn(method) ? { u: w.map(() => u) } : {}),
    ...firstValues(method, w, layout, arithmetic),
  }
  return evaluate([{ fn: { ...method.point! }, inputs, layout }], arithmetic)[0]!['w']!
}

/** Try a point on every kind of block, for every draw, in both arithmetics. */
function onEach(
  method: Method,
  at: (blocks: ProbeBlocks, u: number, arithmetic: Arithmetic) => Counterexample | undefined,
  { extremes = false, uniforms = draws }: { extremes?: boolean; uniforms?: readonly number[] } = {},
): Counterexample | undefined {
  for (const blocks of probeBlocks(method.format).filter(({ extreme }) => extremes || !extreme)) {
    for (const arithmetic of allArithmetics) {
      for (const u of isDrawn(method) ? uniforms : [0.5]) {
        const found = at(blocks, u, arithmetic)
        if (found)
          return {
            input: `${blocks.name}, ${found.input}, u = ${u}`,
            found: `${found.found} in ${arithmetic}`,
          }
      }
    }
  }
  return undefined
}

const hasPoint = ({ point }: Method): boolean => point !== undefined

const declared: Law<Method> = {
  name: 'declared parts',
  sentence:
    'Format, point, penalty and correction are what `defineMethod` takes, and settings are text, finite numbers, true or false.',
  refute: (method) => {
    // What is no format, no formula from w and u to w, or no transformation is an error.
    const { point, ...others } = method
    defineMethod((method.trains ? others : { ...others, point }) as Parameters<typeof defineMethod>[0])
    const odd = Object.entries(method.settings).find(
      ([, value]) => !['string', 'boolean'].includes(typeof value) && !Number.isFinite(value),
    )
    return odd && { input: `settings: '${odd[0]}'`, found: String(odd[1]) }
  },
}

const finite: Law<Method> = {
  name: 'finite point',
  sentence:
    'The point of finite weights is a finite number, also in blocks of zeros and of tiny and huge weights.',
  applies: hasPoint,
  refute: (method) =>
    onEach(
      method,
      (blocks, u, arithmetic) => {
        const point = pointsOf(method, blocks, blocks.w, u, arithmetic)
        const i = point.findIndex((value) => !Number.isFinite(value))
        return i < 0 ? undefined : { input: `w = ${blocks.w[i]}`, found: `the point is ${point[i]}` }
      },
      { extremes: true },
    ),
}

const traced: Law<Method> = {
  name: 'same point',
  sentence: 'The point follows from weights and uniforms alone: asked for again it is the same.',
  applies: hasPoint,
  refute: (method) =>
    onEach(method, (blocks, u, arithmetic) => {
      const [once, again] = [1, 2].map(() => pointsOf(method, blocks, blocks.w, u, arithmetic))
      const i = once!.findIndex((value, k) => !Object.is(value, again![k]))
      return i < 0
        ? undefined
        : { input: `w = ${blocks.w[i]}`, found: `the point is ${once![i]}, then ${again![i]}` }
    }),
}

const near: Law<Method> = {
  name: 'near the weight',
  sentence:
    'The point, of the middle half of draws, is no further from the weight than the grid points around its cell are from each other, or from the end of the grid where the weight is beyond it.',
  applies: hasPoint,
  refute: (method) => {
    const { points } = method.format.grid
    return onEach(
      method,
      (blocks, u, arithmetic) => {
        const point = pointsOf(method, blocks, blocks.w, u, arithmetic)
        // What trained values clip is cast as they leave it.
        const w = settledOf(method, blocks.w, blocks.layout, arithmetic)
        const at = { ...blocks, w }
        const { held, width } = onBlocks(method.format, at, arithmetic, ({ site, scale }) => ({
          held: site.x.max(points[0]!).min(points.at(-1)!).mul(scale),
          width: site.above.sub(site.below).mul(scale.abs()),
        }))
        const slack = 64 * roundingOf(arithmetic) * largestOf(w)
        const i = blocks.w.findIndex((_, k) => !(Math.abs(point[k]! - held![k]!) <= width![k]! + slack))
        return i < 0
          ? undefined
          : {
              input: `w = ${blocks.w[i]}`,
              found: `the point is ${shown(point[i]!)}, expected within ${shown(width![i]!)}`,
            }
      },
      { uniforms: [0.5, 0.25, 0.75] },
    )
  },
}

const staying: Law<Method> = {
  name: 'cast weights stay',
  sentence:
    'Where nothing is drawn, a weight that has been cast is its own point: there the loss of cast weights is seen.',
  // Scales that are found anew may move what has been cast.
  applies: (method) =>
    hasPoint(method) &&
    !isDrawn(method) &&
    (method.format.scale.claims.repeats?.(method.format.grid) ?? true),
  refute: (method) =>
    onEach(method, (blocks, u, arithmetic) => {
      const cast = [...nearestCasts(method.format, blocks, arithmetic)]
      const point = pointsOf(method, blocks, cast, u, arithmetic)
      const i = cast.findIndex((w, k) => !(Math.abs(point[k]! - w) <= 1e-6 * largestOf(cast)))
      return i < 0
        ? undefined
        : { input: `w = ${shown(cast[i]!)}`, found: `its point is ${shown(point[i]!)}` }
    }),
}

/** What a method adds, by the name of the place; what is left of it for a vector. */
function partsOf(method: Method): readonly (readonly [string, Transformation])[] {
  const parts = [
    ['penalty', method.penalty],
    ['correction', method.correction?.({ stepSize: 'probe.rate' })],
  ] as const
  return parts.flatMap(([place, part]) => {
    const left = part && resolved(part, { name: 'probe', shape: [PROBE_SIZE] })
    return left ? [[place, left] as const] : []
  })
}

/** Lanes of a part at every step of a probe's run; `more` is added to every update. */
function course(part: Transformation, more: number, arithmetic: Arithmetic = 'f64'): readonly Values[] {
  let slots = firstSlots(part)
  return probeSteps.map((step) => {
    const { update, ...signals } = signalsAt(part, step)
    const values = { ...signals, update: update!.map((value) => value + more) }
    const run = (given: Values, formula: Parameters<typeof evaluateStep>[3]): Values =>
      evaluateStep(part, { ...values, ...given }, step, formula, arithmetic)
    const { update: out, ...next } = run(slots, (x) => part.update({ ...x, update: x['update']! }))
    slots = { ...slots, ...next }
    // A penalty is of the slots as the step left them.
    const penalty = part.penalty && run(slots, (x) => ({ penalty: part.penalty!(x) }))['penalty']
    return { update: out!, ...(penalty ? { penalty } : {}) }
  })
}

const passing: Law<Method> = {
  name: 'passes on',
  sentence:
    'Penalty and correction pass on what comes in: with another update coming in, another one goes out.',
  applies: ({ penalty, correction }) => penalty !== undefined || correction !== undefined,
  refute: (method) => {
    for (const [place, part] of partsOf(method)) {
      const [one, other] = [course(part, 0), course(part, 1)]
      const step = probeSteps.find((at) =>
        one[at]!['update']!.every((value, i) => value === other[at]!['update']![i]),
      )
      if (step !== undefined)
        return {
          input: `step ${step} of the ${place}`,
          found: 'the same update goes out for two that come in',
        }
    }
    return undefined
  },
}

const notNegative: Law<Method> = {
  name: 'penalty not negative',
  sentence: 'What a penalty says that it adds to the loss is a finite number and never below 0.',
  applies: ({ penalty }) => penalty?.penalty !== undefined,
  refute: (method) => {
    for (const [, part] of partsOf(method)) {
      for (const arithmetic of allArithmetics) {
        for (const [step, { penalty }] of course(part, 0, arithmetic).entries()) {
          const bad = penalty?.find((value) => !(value >= 0 && value < Infinity))
          if (bad !== undefined)
            return { input: `step ${step}, in ${arithmetic}`, found: `it is ${shown(bad)}` }
        }
      }
    }
    return undefined
  },
}

/** Step sizes of a plain descent behind a penalty: with the last its own step would be thousands of cells. */
const strides = [1e-3, 1, 1e6] as const

/** The local name under which a penalty has the step size of the optimizer behind it. */
const strideOf = ({ penalty }: Method): string | undefined =>
  Object.entries(penalty?.borrows ?? {}).find(([, from]) => from === LINEAR_STEP_SIZE)?.[0]

const bounded: Law<Method> = {
  name: 'penalty within the cell',
  sentence:
    'A penalty that asks for the step size behind it, as of SGD, carries a weight no further than to the nearest grid point, however large that is; from a grid point, and a block’s largest weight, a quarter of the cells around.',
  applies: (method) => strideOf(method) !== undefined,
  refute: (method) => {
    const part = resolved(method.penalty!, { name: 'probe', shape: [PROBE_SIZE] })
    if (!part) return undefined
    const layout = layoutOf([PROBE_SIZE], method.format.block)
    for (const arithmetic of allArithmetics) {
      for (const step of probeSteps) {
        const known = { ...signalsAt(part, step), ...firstSlots(part) }
        const w = known['w']!.map(arithmetic === 'f32' ? Math.fround : (value) => value)
        const { near, cells } = onBlocks(method.format, { w, layout }, arithmetic, ({ site, scale }) => ({
          near: site.x.sub(site.lo).min(site.hi.sub(site.x)).mul(scale.abs()),
          cells: site.above.sub(site.below).mul(scale.abs()),
        }))
        const { most } = evaluated(
          ['w'],
          { w },
          arithmetic,
          (x) => ({ most: x['w']!.abs().blockMax() }),
          layout,
        )
        const slack = 64 * roundingOf(arithmetic) * largestOf(w)
        for (const stride of strides) {
          const values = { ...known, w, update: w.map(() => 0), [strideOf(method)!]: w.map(() => stride) }
          const run = evaluateStep(part, values, step, (x) => part.update(x), arithmetic)
          const i = w.findIndex((value, k) => {
            const stands = !(near![k]! > 0) || Math.abs(value) === most![k]
            const far = stands ? Math.max(near![k]!, cells![k]! / 4) : near![k]!
            return !(Math.abs(run['update']![k]! * stride) <= far + slack)
          })
          if (i >= 0)
            return {
              input: `w = ${shown(w[i]!)}, ${shown(near![i]!)} from the grid, step size ${stride}, in ${arithmetic}`,
              found: `it moves by ${shown(run['update']![i]! * stride)}`,
            }
        }
      }
    }
    return undefined
  },
}

/** What every method is held to. */
export const methodLaws: readonly Law<Method>[] = Object.freeze([
  declared,
  finite,
  traced,
  near,
  staying,
  passing,
  notNegative,
  bounded,
  ...valueLaws,
  descends,
])

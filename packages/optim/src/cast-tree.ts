// Casts of whole parameter trees. Comes in: parameters and a cast. Goes out: parameters as a runtime would
// see them.
// Source: docs/design/03-formats-and-methods.md.

import {
  layoutOf,
  leafOf,
  sizeOf,
  type BlockLayout,
  type Executor,
  type LaneFn,
  type NumberFormat,
  type Shape,
  type Tree,
} from '@lotion/core'
import { checkFormat, refuseUnknownKeys } from '@lotion/core/internal'
import { refuseClipped } from '@lotion/formats/internal'
import type { QuantizedAxes } from './quantize-rule.js'
import { valueInputs, type SlotOf } from './value-slots.js'
import type { OptimizerState } from './updater.js'

/** What is cast, how, and by what. */
export interface CastTreeOptions<A> {
  /** Runs the casts; the arrays of `params` are of its kind. */
  readonly executor: Executor<A>
  /** Says the blocks, and which weights would be clipped; that of parameters without one of their own. */
  readonly format: NumberFormat
  /**
   * `castNearest(format)` or `castSample(format, noise)`. Where parameters have formats of their own
   * (`axes.formats`), a function that makes it for each: `castNearest`, or one around `castSample`.
   */
  readonly cast: LaneFn | ((format: NumberFormat) => LaneFn)
  /** What is cast; left as it is but where `into` names the same arrays. */
  readonly params: Tree<A>
  /** Extents of every quantized parameter by name. */
  readonly shapes: Tree<Shape>
  /** What the blocks of each quantized parameter run along; see `quantizedAxes`. */
  readonly axes: QuantizedAxes
  /** Arrays to write the casts to. */
  readonly into?: Tree<A>
  /** Key of the uniforms for a cast that draws; the parameter's name is part of the key. Default 0. */
  readonly seed?: number
  /** Part of that key: other draws at every step. Default 0. */
  readonly step?: number
}

const optionNames: Readonly<Record<keyof CastTreeOptions<unknown>, true>> = {
  executor: true,
  format: true,
  cast: true,
  params: true,
  shapes: true,
  axes: true,
  into: true,
  seed: true,
  step: true,
}

/**
 * Cast the quantized parameters; the others are the same arrays as before.
 * @param options Arrays with their shapes and axes, the cast, and what runs it.
 * @throws TypeError if an option is unknown, a parameter or its shape is missing, or has a format of its own
 * that `cast` is not made for; RangeError if a parameter
 * is not as long as its shape says, or a weight is beyond what the format's scale covers and would be
 * clipped. The last is seen of arrays on the host; for
 * those on a device ask `refuseClippedParams`.
 * @example
 * ```ts
 * import { castNearest } from '@lotion/core'
 * import { cpuExecutor } from '@lotion/cpu'
 * import { int4 } from '@lotion/formats'
 * import { castTree, everything, quantizedAxes } from '@lotion/optim'
 *
 * const executor = cpuExecutor({ threads: 1 })
 * const shapes = { w: [4] }
 * const params = { w: executor.upload(Float32Array.of(0.31, -1.2, 0.05, 0.6), [4]) }
 * const axes = quantizedAxes(everything, shapes)
 * console.log(castTree({ executor, format: int4, cast: castNearest(int4), params, shapes, axes }))
 * ```
 */
export function castTree<A>(options: CastTreeOptions<A>): Tree<A> {
  refuseUnknownKeys('castTree', options, optionNames)
  const { executor, format, cast, params, shapes, axes, into, seed = 0, step = 0 } = options
  checkFormat('castTree: format', format)
  const made = new Map<NumberFormat, LaneFn>()
  const castOf = (own: NumberFormat): LaneFn => {
    const known = made.get(own) ?? (typeof cast === 'function' ? cast(own) : cast)
    made.set(own, known)
    return known
  }
  const casts = [...axes].map(([name, axis]): ParameterCast => {
    const shape = leafOf(shapes, name, 'shapes')
    const w = leafOf(params, name, 'params')
    const own = axes.formats?.get(name) ?? format
    if (typeof cast !== 'function' && own !== format)
      throw new TypeError(
        `cast: '${name}': expected a cast to its own format, ${own.name}, found one to ${format.name}; ` +
          'give a function of the format, such as castNearest',
      )
    if (w instanceof Float32Array || w instanceof Float64Array) refuseClipped(name, own, w)
    return { name, shape, fn: castOf(own), layout: layoutOf(shape, own.block, axis) }
  })
  return castEach(executor, casts, params, { seed, step, ...(into ? { into } : {}) })
}

/** How one parameter is cast. */
export interface ParameterCast {
  readonly name: string
  readonly shape: Shape
  /** From `w` (and uniforms `u`, trained values) to `w`. */
  readonly fn: LaneFn
  readonly layout: BlockLayout
  /** Names the slots of trained values that it reads. */
  readonly slotOf?: SlotOf
}

/** Which casts are drawn, and where they go. */
export interface CastMoment<A> {
  /** Key of the uniforms for casts that draw, with the step and the name of the parameter. */
  readonly seed: number
  /** Step of the run, from 0: other draws at every step. */
  readonly step: number
  /** Holds the values of a method that trains some; others read none of it. */
  readonly state?: OptimizerState<A>
  /** Arrays to write the casts to. */
  readonly into?: Tree<A>
}

/**
 * Cast parameters, each in its own way, as one call; the others are the same arrays as before.
 * @throws if a parameter is missing.
 */
export function castEach<A>(
  executor: Executor<A>,
  casts: readonly ParameterCast[],
  params: Tree<A>,
  { seed, step, state, into }: CastMoment<A>,
): Tree<A> {
  const drawn: A[] = []
  const draw = (name: string, shape: Shape): A => {
    const u = executor.uniforms({ seed, stream: `cast ${name}`, step }, sizeOf(shape))
    drawn.push(u)
    return u
  }
  try {
    const results = executor.lanes(
      casts.map(({ name, shape, fn, layout, slotOf }) => {
        const w = leafOf(params, name, 'params')
        const target = into?.[name]
        const known: Tree<A> = fn.inputs.includes('u') ? { w, u: draw(name, shape) } : { w }
        return {
          fn,
          inputs: slotOf ? valueInputs(fn.inputs, name, slotOf, known, state) : known,
          layout,
          ...(target === undefined ? {} : { into: { w: target } }),
        }
      }),
    )
    return { ...params, ...Object.fromEntries(casts.map(({ name }, i) => [name, results[i]!.w!])) }
  } finally {
    for (const u of drawn) executor.free?.(u)
  }
}

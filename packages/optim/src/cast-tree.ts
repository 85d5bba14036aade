// Casts of whole parameter trees. Comes in: parameters and a cast. Goes out: parameters as a runtime would see them.
// Source: docs/design/03-formats-and-methods.md.

import {
  layoutOf,
  leafOf,
  sizeOf,
  type BlockAxis,
  type Executor,
  type LaneFn,
  type NumberFormat,
  type Shape,
  type Tree,
} from '@lotion/core'

/** What is cast, how, and by what. */
export interface CastTreeOptions<A> {
  readonly executor: Executor<A>
  readonly format: NumberFormat
  /** `castNearest(format)` or `castSample(format, noise)`. */
  readonly cast: LaneFn
  readonly params: Tree<A>
  readonly shapes: Tree<Shape>
  /** What the blocks of each quantized parameter run along; see `quantizedAxes`. */
  readonly axes: ReadonlyMap<string, BlockAxis>
  /** Arrays to write the casts to. */
  readonly into?: Tree<A>
  /** Key of the uniforms for a cast that draws; the parameter's name is part of the key. */
  readonly seed?: number
  readonly step?: number
}

/** Cast the quantized parameters; the others are the same arrays as before. @throws if a parameter or its shape is missing. */
export function castTree<A>(options: CastTreeOptions<A>): Tree<A> {
  const { executor, format, cast, params, shapes, axes, into, seed = 0, step = 0 } = options
  const entries = [...axes]
  const draws = cast.inputs.includes('u')
  const drawn: A[] = []
  const draw = (name: string, shape: Shape): A => {
    const u = executor.uniforms({ seed, stream: `cast ${name}`, step }, sizeOf(shape))
    drawn.push(u)
    return u
  }
  try {
    const results = executor.lanes(
      entries.map(([name, axis]) => {
        const shape = leafOf(shapes, name, 'shapes')
        const w = leafOf(params, name, 'params')
        const target = into?.[name]
        return {
          fn: cast,
          inputs: draws ? { w, u: draw(name, shape) } : { w },
          layout: layoutOf(shape, format.block, axis),
          ...(target === undefined ? {} : { into: { w: target } }),
        }
      }),
    )
    return { ...params, ...Object.fromEntries(entries.map(([name], i) => [name, results[i]!.w!])) }
  } finally {
    for (const u of drawn) executor.free?.(u)
  }
}

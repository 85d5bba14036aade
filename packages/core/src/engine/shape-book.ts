// Memory of parameter shapes: forward steps receive flat arrays and must know their extents.
// Comes in: shapes declared by allocate() or by a program. Goes out: the shape of an array, found by identity
// first, then by name and size.

import { sizeOf } from '../blocks.js'
import type { Shape, Tree } from '../contracts.js'

/** Remember shapes of parameter arrays and answer for the arrays of a later call. @experimental */
export interface ShapeBook {
  /**
   * Remember the shapes declared under these names.
   * @param shapes Extents by name. If a name gets several, the array's size tells which.
   */
  declare(shapes: Tree<Shape>): void
  /**
   * Remember the shape of one array.
   * @param array Remembered by identity, and not kept alive.
   * @param shape Its extents.
   */
  bind(array: Float32Array, shape: Shape): void
  /**
   * Find the shape of every array.
   * @param arrays Arrays that were bound, or whose names were declared.
   * @throws naming the first array whose shape was never declared.
   */
  shapesOf(arrays: Tree<Float32Array>): Tree<Shape>
}

/** Make an empty shape book. @experimental */
export function shapeBook(): ShapeBook {
  const byArray = new WeakMap<Float32Array, Shape>()
  const byName = new Map<string, Shape[]>()
  const shapeOf = (name: string, array: Float32Array): Shape => {
    const own = byArray.get(array)
    if (own !== undefined) return own
    const declared = (byName.get(name) ?? []).filter((shape) => sizeOf(shape) === array.length)
    const [first, second] = declared
    if (first !== undefined && second === undefined) return first
    const reason = first === undefined ? 'no shape is known' : `${declared.length} different shapes are known`
    throw new Error(
      `parameter '${name}': ${reason} for this array of ${array.length} elements; ` +
        `allocate it with engine.allocate, or compile a program that declares '${name}' first`,
    )
  }
  return Object.freeze({
    declare(shapes: Tree<Shape>): void {
      for (const [name, shape] of Object.entries(shapes)) {
        const known = byName.get(name) ?? []
        if (!known.some((other) => other.join() === shape.join())) byName.set(name, [...known, shape])
      }
    },
    bind(array: Float32Array, shape: Shape): void {
      byArray.set(array, shape)
    },
    shapesOf(arrays: Tree<Float32Array>): Tree<Shape> {
      return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, shapeOf(name, array)]))
    },
  })
}

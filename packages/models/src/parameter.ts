// The parameters of a model as a table: shape and initial distribution by name.
// Comes in: the table a model writes. Goes out: shapes, count, initial values.

import { normals, sizeOf, type Shape, type Tree } from '@lotion/core'

/** Describe one parameter: its shape and the normal distribution N(mean, std²) it starts from. */
export interface Parameter {
  readonly shape: Shape
  readonly mean: number
  readonly std: number
}

/** List the shapes of a table of parameters. */
export function shapesOf(table: Tree<Parameter>): Tree<Shape> {
  return Object.freeze(
    Object.fromEntries(Object.entries(table).map(([name, { shape }]) => [name, Object.freeze([...shape])])),
  )
}

/** Count the weights of a table of parameters. */
export function countOf(table: Tree<Parameter>): number {
  return Object.values(table).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/** Draw w = mean + std · N(0, 1), keyed by (seed, parameter name): a new parameter changes no other. */
export function draw(table: Tree<Parameter>, seed: number): Tree<Float32Array> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { shape, mean, std }]) => {
      const size = sizeOf(shape)
      if (std === 0) return [name, new Float32Array(size).fill(mean)]
      return [name, normals({ seed, stream: name }, size).map((z) => mean + std * z)]
    }),
  )
}

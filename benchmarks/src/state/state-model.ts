// A language model of about so many parameters, for what depends on shapes alone. Comes in: a number.
// Goes out: shapes.
// Source: Llama's proportions; depth and width grow together.

import { sizeOf, type Shape, type Tree } from '@lotion/core'
import { llama } from '@lotion/models'

/** Widths to choose from. */
const stateWidths = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192] as const

/** A model's shape and what it comes to. */
export interface StateModel {
  readonly dimension: number
  readonly layers: number
  readonly vocabulary: number
  readonly shapes: Tree<Shape>
  readonly parameters: number
}

/** Choose the widest decoder of at least eight layers that is next to a size; its head is its embedding. */
export function stateModel(parameters: number): StateModel {
  const models = stateWidths.map((dimension) => {
    const vocabulary = 32 * dimension
    const fixed = vocabulary * dimension
    const perLayer = sizeWith(dimension, vocabulary, 2) - sizeWith(dimension, vocabulary, 1)
    return { dimension, vocabulary, layers: Math.max(1, Math.round((parameters - fixed) / perLayer)) }
  })
  const { dimension, vocabulary, layers } = models.findLast((model) => model.layers >= 8) ?? models[0]!
  const shapes = shapesOf(dimension, vocabulary, layers)
  return { dimension, vocabulary, layers, shapes, parameters: weightsIn(shapes) }
}

function shapesOf(dimension: number, vocabulary: number, layers: number): Tree<Shape> {
  const heads = Math.max(1, dimension / 64)
  return llama({ vocabulary, dimension, layers, heads, context: 1024, tied: true }).shapes
}

function weightsIn(shapes: Tree<Shape>): number {
  return Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0)
}

function sizeWith(dimension: number, vocabulary: number, layers: number): number {
  return weightsIn(shapesOf(dimension, vocabulary, layers))
}

// Which tensors of a file are weights to be cast, and their blocks. Comes in: a file's header, a choice. Goes out: layouts.
// Source: docs/design/03-formats-and-methods.md; by default what training quantizes: matrices, but no embedding, norm, head.

import { layoutOf, sizeOf, type Block, type BlockLayout } from '@lotion/core'
import type { Dtype, SafetensorsFile } from '@lotion/checkpoints'
import { byName } from '@lotion/optim'

/** Types whose numbers are weights; narrower floats are codes of some other cast. */
const floats: readonly Dtype[] = ['F64', 'F32', 'F16', 'BF16']

/** What to choose, and how blocks run. */
export interface WeightChoice {
  readonly block: Block
  /** Axis that blocks run along; −1 is the last. */
  readonly axis: number
  /** Names to choose. Default: matrices whose names contain none of embed, norm, head, bias. */
  readonly only?: RegExp | undefined
}

/**
 * Choose tensors: name → layout of its blocks. Tensors that hold no floating-point number are never chosen.
 * @throws if none is left, or one of them does not have the axis.
 */
export function chosenWeights(
  { path, tensors }: Pick<SafetensorsFile, 'path' | 'tensors'>,
  { block, axis, only }: WeightChoice,
): ReadonlyMap<string, BlockLayout> {
  const byDefault = byName()
  const weights = Object.entries(tensors).filter(
    ([, { dtype, shape }]) => floats.includes(dtype) && sizeOf(shape) > 0,
  )
  // `search` ignores the position that a global expression remembers between tests.
  const chosen = weights.filter(([name, { shape }]) =>
    only ? name.search(only) >= 0 : byDefault({ name, shape }) !== null,
  )
  if (chosen.length === 0) {
    const names = weights.slice(0, 8).map(([name]) => name)
    const more = weights.length > names.length ? ` and ${weights.length - names.length} more` : ''
    throw new RangeError(
      `${path}: expected ${only ? `a tensor of floating-point numbers that matches ${only}` : 'a matrix whose name contains none of embed, norm, head, bias'}, ` +
        (names.length > 0
          ? `found ${names.join(', ')}${more}; choose with --only`
          : 'found no floating-point number'),
    )
  }
  return new Map(
    chosen.map(([name, { shape }]) => {
      if (shape.length > 0 && !(axis >= -shape.length && axis < shape.length)) {
        throw new RangeError(
          `axis: expected ${-shape.length} to ${shape.length - 1} for '${name}' of shape [${shape.join(', ')}], found ${axis}`,
        )
      }
      return [name, layoutOf(shape, block, axis)]
    }),
  )
}

/** @throws if a weight is infinite or not a number, naming the tensor and the place. */
export function refuseNotFinite(name: string, weights: Float32Array): void {
  const at = weights.findIndex((w) => !Number.isFinite(w))
  if (at >= 0) {
    throw new RangeError(
      `'${name}': expected finite weights in single precision, found ${weights[at]} at position ${at}`,
    )
  }
}

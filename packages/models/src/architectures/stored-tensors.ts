// How checkpoints store a model's weights. Comes in: a model, its architecture. Goes out: tensors by their
// names in the file.

import type { Shape } from '@lotion/core'
import type { Architecture, CausalModel } from './define-architecture.js'

/** A tensor of a checkpoint. */
export interface StoredTensor {
  /** The parameter of the model that it is. */
  readonly parameter: string
  /** Its shape in the file. */
  readonly shape: Shape
  /** Whether it is stored [in, out], the other way round than the parameter. */
  readonly transposed: boolean
}

/** List the tensors of a model's checkpoint by their names there. */
export function storedTensors(
  { shapes }: Pick<CausalModel, 'shapes'>,
  architecture: Pick<Architecture, 'transposed'>,
): Readonly<Record<string, StoredTensor>> {
  return Object.freeze(
    Object.fromEntries(
      Object.entries(shapes).map(([parameter, shape]) => {
        const transposed = architecture.transposed(parameter)
        const stored = transposed ? [...shape].reverse() : shape
        return [parameter, Object.freeze({ parameter, shape: Object.freeze(stored), transposed })]
      }),
    ),
  )
}

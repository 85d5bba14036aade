// Which arrays of a batch a program uses as indices, found by watching its kernels: a table's extent is then
// their range. Comes in: kernels with their operands as they are called. Goes out: the array and the number
// of ids that it may hold. Values are told apart by an identity: tfjs's data ids when run, names of graph
// values when traced.

import type { Shape } from '@lotion/core'

/** An operand of a kernel. @experimental */
export interface Operand<V> {
  /** What the values are told apart by: a data id of tfjs, or the name of a graph value. */
  readonly identity: V
  /** Extents of the operand; its rows bound the ids that may be read from it. */
  readonly shape: Shape
}

/** An array of a batch that is read as indices into something of so many rows. @experimental */
export interface IndexRead {
  /** Name of the array in the batch. */
  readonly key: string
  /** Ids must be whole numbers from 0 to below it: rows of the table, or the depth of one-hot vectors. */
  readonly below: number
}

/** Follows the arrays of a batch from kernel to kernel. @experimental */
export interface IndexReads<V> {
  /**
   * Tell whether a kernel is about to use an array of the batch, as it came, for indices.
   * @param kernel tfjs's name of it, such as `GatherV2`.
   * @param operands By tfjs's names, such as `x`, `indices`.
   * @param attributes By tfjs's names, such as `axis`.
   */
  reads(
    kernel: string,
    operands: Readonly<Record<string, Operand<V>>>,
    attributes: Attributes,
  ): IndexRead | undefined
  /**
   * Take note of a result: a kernel that only moves values hands its operand's array on.
   * @param kernel tfjs's name of it, such as `Reshape`.
   * @param operands By tfjs's names.
   * @param result Identity of what the kernel made.
   */
  follow(kernel: string, operands: Readonly<Record<string, Operand<V>>>, result: V): void
}

type Attributes = Readonly<Record<string, unknown>>

/** Kernels whose result holds the same integers in another shape or order. */
const movingKernels: ReadonlySet<string> = new Set(['Reshape', 'Identity', 'Cast', 'ExpandDims', 'Transpose'])

/**
 * Follow these arrays, given by identity.
 * @param arrays Identity of each array of a batch → its name.
 * @experimental
 */
export function indexReads<V>(arrays: ReadonlyMap<V, string>): IndexReads<V> {
  const known = new Map(arrays)
  return {
    reads(kernel, operands, attributes) {
      const key = known.get(operands['indices']?.identity as V)
      const below = extentOf(kernel, operands, attributes)
      return key === undefined || below === undefined ? undefined : { key, below }
    },
    follow(kernel, operands, result) {
      const key = known.get(operands[kernel === 'ExpandDims' ? 'input' : 'x']?.identity as V)
      if (key !== undefined && movingKernels.has(kernel)) known.set(result, key)
    },
  }
}

/** How many indices a kernel's operand `indices` may address; undefined if they do not index one axis. */
function extentOf(
  kernel: string,
  { x, params, indices }: Readonly<Record<string, Operand<unknown>>>,
  { axis, depth }: Attributes,
): number | undefined {
  if (kernel === 'OneHot') return typeof depth === 'number' ? depth : undefined
  if (kernel === 'GatherV2' && x) return x.shape.at(typeof axis === 'number' ? axis : 0)
  if (kernel === 'GatherNd' && indices?.shape.at(-1) === 1) return params?.shape[0]
  return undefined
}

// Edge of every engine: ids in batches, and the loss they lead to. Comes in: a batch, ranges by name.
// Goes out: nothing, or an error that names the array, the id, its position and the range. Out of range, an
// id would train something else in silence: a row of zeros for a class that is not there, the last row of a
// table for −1.

import type { Batch, HostArray, IdRange, Program, Shape, Tree } from '../contracts.js'
import { leafOf } from '../tree.js'

/**
 * Check that every id lies in its array's range, and that one at least is not to be ignored.
 * @param batch Must hold every array that has a range.
 * @param ranges What ids are allowed, by the name of their array.
 * @throws RangeError naming the first that does not, with its position, TypeError if an array of ids is
 * missing or not integers.
 * @experimental
 */
export function checkIds(batch: Batch, ranges: Tree<IdRange>): void {
  for (const [name, range] of Object.entries(ranges)) checkRange(name, leafOf(batch, name, 'batch'), range)
}

function checkRange(name: string, { data, shape }: HostArray, { below, ignore }: IdRange): void {
  if (!(data instanceof Int32Array))
    throw new TypeError(
      `batch '${name}': expected an Int32Array of ids, found a Float32Array; convert it first`,
    )
  let counted = 0
  for (let i = 0; i < data.length; i++) {
    const id = data[i]!
    if (id === ignore) continue
    counted++
    if (id >= 0 && id < below) continue
    throw new RangeError(
      `batch '${name}'${position(i, shape)}: expected an id from 0 to ${below - 1}` +
        `${ignore === undefined ? '' : `, or ${ignore} for none`}, found ${id}; correct the data, or what the program declares as ids.${name}`,
    )
  }
  if (counted === 0 && data.length > 0)
    throw new RangeError(
      `batch '${name}': expected at least one id that is not ${ignore}, found none; leave the step out`,
    )
}

/** The place of a value as indices along the axes, such as `[2, 0]`. */
function position(at: number, shape: Shape): string {
  const indices = shape.map((extent, axis) => {
    const inner = shape.slice(axis + 1).reduce((product, other) => product * other, 1)
    return Math.floor(at / inner) % extent
  })
  return indices.length > 0 ? `[${indices.join(', ')}]` : ''
}

/** Roundings of a loss of order 1 in single precision, a hundred times over. */
const LOSS_TOLERANCE = 1e-5

/**
 * Check a loss against the program's lowest.
 * @param program Its name and its lowest loss; without one, every loss passes.
 * @param loss A mean over the terms of a batch.
 * @throws RangeError if it lies below, beyond rounding.
 * @experimental
 */
export function checkLoss({ name, leastLoss }: Program<unknown>, loss: number): void {
  if (leastLoss === undefined || !(loss < leastLoss - LOSS_TOLERANCE)) return
  throw new RangeError(
    `program '${name}': expected a loss of at least ${leastLoss}, found ${loss}; look for targets that are no distribution`,
  )
}

// Weights that lie on a grid already: a cast that moves them off it is reported. Comes in: weights before and
// after a second cast. Goes out: nothing, or which tensor would change in how many weights.
// Source: docs/design/03-formats-and-methods.md (casting twice).

import type { NumberFormat } from '@lotion/core'
import { titleWithScale } from '@lotion/formats/internal'

/** Eight units in the last place of an f32: a few roundings of scales and products. */
const LAST_BITS = 2 ** -20

/**
 * Tell whether a weight w is its own cast q: |q − w| ≤ 2^-20 |w|, since a scale that is computed again may
 * differ in its last bits.
 */
export function isKept(w: number, q: number): boolean {
  return Math.abs(q - w) <= LAST_BITS * Math.abs(w)
}

/** Counts the weights of one tensor that a cast changes. */
export interface KeptWeights {
  /** Look at a piece before and after. */
  look(before: Float32Array, after: Float32Array): void
  /** @throws RangeError naming the tensor and how many of its weights changed, if any did. */
  done(): void
}

/** Watch the second cast of a tensor that its file says lies on the grid of `format`. */
export function keptWeights(name: string, count: number, format: NumberFormat): KeptWeights {
  let changed = 0
  return {
    look: (before, after) => {
      for (let i = 0; i < before.length; i++) if (!isKept(before[i]!, after[i]!)) changed++
    },
    done: () => {
      if (changed === 0) return
      throw new RangeError(
        `'${name}': expected weights that a second cast to ${titleWithScale(format)}, leaves as they are, since the file says that ` +
          `they lie on this grid, found ${changed} of ${count} that would change; cast the weights that this file was made from, ` +
          `once, or add option 'again' to round these a second time`,
      )
    },
  }
}

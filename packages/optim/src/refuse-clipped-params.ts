// Weights that a format's largest scale does not cover would be clipped by every cast. Comes in: parameters
// and what each is trained for. Goes out: nothing, or an error by name.
// Source: docs/design/03-formats-and-methods.md (scale rules: the limits).

import type { Executor, NumberFormat, Quantized, Tree } from '@lotion/core'
import { clippedWeights, refuseClipped } from '@lotion/formats/internal'

/**
 * Refuse parameters with weights beyond their format's reach, such as above 65504 · 7 for `q4_0`. Arrays are
 * read through the executor, only where the format has such a limit: `fit` does so before and after training;
 * `castTree` alone sees arrays on the host, and no others.
 * @throws RangeError naming the parameter, how many there are, and the largest that fits.
 */
export async function refuseClippedParams<A>(
  executor: Pick<Executor<A>, 'read'>,
  params: Tree<A>,
  quantized: Tree<Pick<Quantized, 'format'> | null>,
  when = '',
): Promise<void> {
  for (const [name, how] of Object.entries(quantized)) {
    const array = params[name]
    // Most formats reach as far as f32 does: nothing to be looked for.
    if (array === undefined || !how || !hasLimit(how.format)) continue
    const w = array instanceof Float32Array ? array : await executor.read(array)
    try {
      refuseClipped(name, how.format, w)
    } catch (error) {
      if (when === '') throw error
      throw new RangeError(`${when}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
  }
}

/** Whether a weight of f32 can be beyond the reach. */
const hasLimit = (format: NumberFormat): boolean => clippedWeights(format, [Infinity]).count > 0

// Labels that a model draws itself. Comes in: its logits, a batch, a key. Goes out: the batch with other
// targets.
// Source: Liu et al., arXiv 2305.14342 (Sophia), as its code draws them: from softmax of the logits.

import { leafOf, uniforms, type Batch, type ForwardStep, type RandomKey, type Tree } from '@lotion/core'
import { IGNORED_TARGET } from './cross-entropy.js'

/**
 * Make what replaces the targets `y` of a batch by draws from the model's softmax, for `sampledGradient` of
 * @lotion/optim. Targets of −100 stay, so that as many terms count.
 * @param forward Gives `logits`, one row a target, from the batch without its targets.
 * @example
 * ```ts
 * import type { ForwardStep } from '@lotion/core'
 * import { sampledLabels } from '@lotion/models'
 *
 * const forward: ForwardStep<Float32Array> = {
 *   name: 'logits',
 *   run: async () => ({ logits: Float32Array.of(0, 9, 9, 0) }),
 *   close: async () => {},
 * }
 * const batch = { y: { data: Int32Array.of(0, 0), shape: [2] } }
 * const drawn = await sampledLabels(forward)({}, batch, { seed: 1, stream: 'labels' })
 * console.log(drawn['y']!.data) // 1, 0 but once in 8,000 draws
 * ```
 */
export function sampledLabels(
  forward: Pick<ForwardStep<Float32Array>, 'run'>,
): (params: Tree<Float32Array>, batch: Batch, key: RandomKey) => Promise<Batch> {
  return async (params, batch, key) => {
    const { data: targets, shape } = leafOf(batch, 'y', 'batch')
    const { y: _targets, ...inputs } = batch
    const logits = leafOf(await forward.run(params, inputs), 'logits', 'outputs')
    const classes = logits.length / targets.length
    if (!Number.isInteger(classes))
      throw new RangeError(
        `logits: expected one row for each of ${targets.length} targets, found ${logits.length} values; give the logits of the whole batch`,
      )
    const draws = uniforms(key, targets.length)
    const data = Int32Array.from(targets, (target, row) =>
      target === IGNORED_TARGET
        ? target
        : drawnClass(logits.subarray(row * classes, (row + 1) * classes), draws[row]!),
    )
    return { ...batch, y: { data, shape } }
  }
}

/**
 * Invert the distribution function of softmax(z) at u; 0 where no score is finite: the weights diverged, as
 * the loss of the same step tells.
 */
function drawnClass(scores: Float32Array, u: number): number {
  let top = -Infinity
  for (const score of scores) top = Math.max(top, score)
  if (!Number.isFinite(top)) return 0
  let total = 0
  for (const score of scores) total += Math.exp(score - top)
  let left = u * total
  for (let id = 0; id < scores.length; id++) {
    left -= Math.exp(scores[id]! - top)
    if (left < 0) return id
  }
  // u is just below 1 and the sum was rounded.
  return scores.indexOf(top)
}

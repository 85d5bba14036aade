// Which weights losses are of, where they are not those of the last step. Comes in: results. Goes out: lines
// below a table.
// Source: docs/design/04-bench.md, "Which weights are taken".

import type { ResultRecord } from '../records.js'

/** One line a run that ended early or took its best weights, and what that means for its losses. */
export function takenNotes(results: readonly ResultRecord[]): readonly string[] {
  const [averaged] = results.flatMap((result) => result.averaged ?? [])
  const chosen = results.flatMap(({ method, seed, steps, bestStep, stopped }) => {
    const parts = [
      ...(stopped ? [`ended after step ${steps}, no better for a while`] : []),
      ...(bestStep === undefined ? [] : [`the weights of step ${bestStep} were taken`]),
    ]
    return parts.length === 0 ? [] : [`${method}, seed ${seed}: ${parts.join('; ')}.`]
  })
  return [
    ...(averaged === undefined ? [] : [`Losses are of averages of the weights, decay ${averaged}.`]),
    ...chosen,
    ...(results.some(({ bestStep }) => bestStep !== undefined)
      ? ['The best of several evaluations is lower than a loss on new data, by what chance gives.']
      : []),
  ]
}

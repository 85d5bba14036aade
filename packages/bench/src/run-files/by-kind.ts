// Records by their kind. Comes in: lines of a run. Goes out: lists, as tables and reports read them.

import type { Findings, MetricsRecord } from '../records.js'

/** What single runs told, in the order of the lines. */
export const byKind = (
  records: readonly MetricsRecord[],
): Pick<Findings, 'results' | 'evaluations' | 'weights' | 'samples'> => ({
  results: records.filter((record) => record.type === 'result'),
  evaluations: records.filter((record) => record.type === 'evaluation'),
  weights: records.filter((record) => record.type === 'weights'),
  samples: records.filter((record) => record.type === 'sample'),
})

// The first line of a run's metrics: all that was chosen, before anything is trained. Comes in: a planned
// comparison. Goes out: a record. Source: docs/design/04-bench.md, records.

import type { RunRecord } from '../records.js'
import { commitOf } from '../run-files/commit.js'
import { versions } from '../run-files/versions.js'
import type { Run } from './follow.js'

/** Of a comparison, what a run's record has elsewhere, or only where a method is made from it. */
const elsewhere = new Set(['task', 'firstSeed', 'keep', 'fisher', 'noise', 'scaleGradient'])

/** Make the record of a run that begins now. */
export async function runRecord(
  { plan, comparison }: Pick<Run, 'plan' | 'comparison'>,
  command: string,
): Promise<RunRecord> {
  const commit = await commitOf(process.cwd())
  const { task, workload, format, methods: planned, optimizer } = plan
  const chosen = Object.entries(comparison).filter(([name]) => !elsewhere.has(name))
  return {
    type: 'run',
    command,
    ...(commit ? { commit } : {}),
    seed: comparison.firstSeed,
    config: {
      task: task.name,
      ...workload.config,
      ...Object.fromEntries([...chosen, ...planned.flatMap(({ parts }) => Object.entries(parts))]),
      optimizer,
      // What tuning chooses is not known yet.
      ...(comparison.tune
        ? {}
        : {
            learningRate: comparison.learningRate ?? task.learningRate,
            numbers: Object.fromEntries(planned.map(({ word, numbers }) => [word, numbers])),
          }),
      ...workload.preview?.(format).config,
    },
    modules: [
      ...new Map(
        planned.flatMap(({ modules }) => modules).map((module) => [`${module.kind} ${module.word}`, module]),
      ).values(),
    ],
    versions: versions(),
    timing: { at: new Date().toISOString() },
  }
}

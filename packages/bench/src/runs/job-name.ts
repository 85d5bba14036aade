// Names of jobs. Comes in: a job. Goes out: a name for its files; a few digits for what it says beside rate
// and seed.
// Source: docs/design/04-bench.md, "A run is a folder". A run is a pure function of its job.

import { createHash } from 'node:crypto'
import { exactJson } from '@lotion/checkpoints/internal'
import type { RunJob } from './run-job.js'

/**
 * A name that people can read, and that no two jobs share: of the method, the seed and all else that a job
 * says.
 */
export function nameOf(job: RunJob): string {
  // Where others part from it changes nothing in a run.
  const { method, seed, branches: _, ...rest } = job
  const readable = method.replaceAll(/[^\w.-]+/g, '-').slice(0, 60)
  return `${readable}-seed${seed}-${hashOf([method, seed, rest])}`
}

/** What all rates and seeds of a job have in common, as eight hexadecimal digits. */
export function settingsOf(job: RunJob): string {
  const { learningRate: _rate, seed: _seed, branches: _branches, ...rest } = job
  return hashOf(rest)
}

const hashOf = (value: unknown): string =>
  createHash('sha256')
    .update(exactJson(sorted(value)))
    .digest('hex')
    .slice(0, 8)

/** The same data with its keys in one order, and without what is not there. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]),
  )
}

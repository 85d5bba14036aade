// A run's folder, read: finished, under way or interrupted. Comes in: a folder. Goes out: what was chosen,
// what has been found so far, and which lines say nothing that could be shown.
// Source: docs/design/04-bench.md, "A run is a folder".

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ownerOf } from '@lotion/cli/internal'
import type { EvaluationRecord, Findings, MetricsRecord, ResultRecord } from '../records.js'
import type { Summary } from '../runs/summary.js'
import { byKind } from './by-kind.js'
import { wrongRecord } from './record-schemas.js'
import { isRunFolder, readRunFile, type RunFile } from './run-file.js'

/** How a run stands. */
export type RunState = 'finished' | 'running' | 'interrupted'

/** A run as its folder has it. */
export interface StoredRun {
  readonly folder: string
  readonly file: RunFile
  readonly state: RunState
  readonly findings: Findings
  /** Lines of its metrics that are left out, each with its place, what was expected and what was found. */
  readonly problems: readonly string[]
}

/** What a file of metrics holds. */
export interface StoredRecords {
  readonly records: readonly MetricsRecord[]
  /** As of `StoredRun`. */
  readonly problems: readonly string[]
}

/**
 * Read a run.
 * @throws Error naming the folder or the file, what was expected and what was found.
 */
export async function readRun(folder: string): Promise<StoredRun> {
  const file = await readRunFile(folder)
  const { records, problems } = await linesIn(folder, file)
  const owner = file.finishedAt === undefined ? await ownerOf(folder) : undefined
  return {
    folder,
    file,
    state: file.finishedAt !== undefined ? 'finished' : owner ? 'running' : 'interrupted',
    findings: {
      comparisons: records.flatMap((record) => {
        if (record.type !== 'comparison') return []
        const { type: _, fullPrecision, nearest, randomized, ...rest } = record
        const all = { fullPrecision, nearest, randomized }
        return [{ ...rest, ...mapped(all, ({ mean, std, values }) => finite({ mean, std, values })) }]
      }),
      ...byKind(records),
    },
    problems,
  }
}

/**
 * Read the records that a run has left so far, in their order.
 * @throws as `readRun`.
 */
export const recordsIn = async (folder: string): Promise<StoredRecords> =>
  linesIn(folder, await readRunFile(folder))

/** The runs of a folder, in the order of their beginning; and what looks like one and cannot be read. */
export async function runsIn(
  folder: string,
): Promise<{ readonly runs: readonly StoredRun[]; readonly problems: readonly string[] }> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): never => {
    throw new Error(
      error.code === 'ENOENT'
        ? `${folder}: expected a folder with runs, found none; lotion quickstart makes the first`
        : `cannot read ${folder}: ${error.message}`,
    )
  })
  const found = await Promise.all(
    names.map(async (name): Promise<{ run?: StoredRun; problem?: string }> => {
      const path = join(folder, name)
      // What else people keep there is none of ours.
      if (!(await isRunFolder(path))) return {}
      return readRun(path).then(
        (run) => ({ run }),
        (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }),
      )
    }),
  )
  const began = ({ file }: StoredRun): string => file.record.timing.at
  const runs = found.flatMap(({ run }) => run ?? []).sort((a, b) => (began(a) < began(b) ? -1 : 1))
  return {
    runs,
    problems: [...found.flatMap(({ problem }) => problem ?? []), ...runs.flatMap(({ problems }) => problems)],
  }
}

/** Whole lines of records; the last may be half written, by a run under way or one that was killed. */
async function linesIn(folder: string, file: RunFile): Promise<StoredRecords> {
  const path = join(folder, 'metrics.jsonl')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw new Error(`cannot read ${path}: ${error.message}`)
  })
  const records: MetricsRecord[] = []
  const problems: string[] = []
  for (const [i, line] of text.split('\n').slice(0, -1).entries()) {
    const found = recordOf(line, file)
    if (typeof found === 'string')
      problems.push(`${path}: line ${i + 1}: ${found}; the line is left out, the file was changed`)
    else records.push(found)
  }
  return { records, problems }
}

/** The record of a line; or what is wrong with it. */
function recordOf(line: string, { comparison }: RunFile): MetricsRecord | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'expected a record in JSON, found other text'
  }
  const wrong = wrongRecord(value)
  if (wrong !== undefined) return wrong
  const record = value as MetricsRecord
  if (record.type === 'run') return record
  const { methods, firstSeed, seeds } = comparison
  if (!methods.includes(record.method))
    return `method: expected one of the run, ${methods.join(', ')}, found ${JSON.stringify(record.method)}`
  if (record.type === 'comparison') return record
  if (record.seed < firstSeed || record.seed >= firstSeed + seeds)
    return `seed: expected one of the run, from ${firstSeed} to ${firstSeed + seeds - 1}, found ${record.seed}`
  return record.type === 'result' || record.type === 'evaluation' ? lossesOf(record) : record
}

/** JSON has no infinite numbers: the losses of a run that diverged stand there as null. */
const loss = (value: number | null): number => value ?? Infinity

const lossesOf = <R extends EvaluationRecord | ResultRecord>(record: R): R => ({
  ...record,
  fullPrecision: loss(record.fullPrecision),
  nearest: loss(record.nearest),
  ...(record.randomized === undefined ? {} : { randomized: loss(record.randomized) }),
})

const finite = ({ mean, std, values }: Summary): Summary => ({
  mean: loss(mean),
  std,
  values: values.map(loss),
})

function mapped<K extends string, V>(tree: Readonly<Record<K, V>>, change: (value: V) => V): Record<K, V> {
  return Object.fromEntries(Object.entries<V>(tree).map(([key, value]) => [key, change(value)])) as Record<
    K,
    V
  >
}

// A run's folder, read: finished, under way or interrupted. Comes in: a folder. Goes out: what was chosen
// and what has been found so far.
// Source: docs/design/04-bench.md, "A run is a folder".

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ownerOf } from '@lotion/cli/internal'
import type { EvaluationRecord, Findings, MetricsRecord, ResultRecord } from '../records.js'
import type { Summary } from '../runs/summary.js'
import { byKind } from './by-kind.js'
import { readRunFile, type RunFile } from './run-file.js'

/** How a run stands. */
export type RunState = 'finished' | 'running' | 'interrupted'

/** A run as its folder has it. */
export interface StoredRun {
  readonly folder: string
  readonly file: RunFile
  readonly state: RunState
  readonly findings: Findings
}

/**
 * Read a run.
 * @throws Error naming the folder or the line, what was expected and what was found.
 */
export async function readRun(folder: string): Promise<StoredRun> {
  const file = await readRunFile(folder)
  const records = await linesIn(folder)
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
  }
}

/**
 * Read the records that a run has left so far, in their order.
 * @throws Error naming the folder or the line, what was expected and what was found.
 */
export async function recordsIn(folder: string): Promise<readonly MetricsRecord[]> {
  await readRunFile(folder)
  return linesIn(folder)
}

async function linesIn(folder: string): Promise<readonly MetricsRecord[]> {
  const path = join(folder, 'metrics.jsonl')
  const records = linesOf(path, await readFile(path, 'utf8').catch(() => ''))
  return records.map((record) =>
    record.type === 'result' || record.type === 'evaluation' ? lossesOf(record) : record,
  )
}

/** The folders of runs in a folder, in the order of their beginning. */
export async function runsIn(folder: string): Promise<readonly StoredRun[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): never => {
    throw new Error(
      error.code === 'ENOENT'
        ? `${folder}: expected a folder with runs, found none; lotion quickstart makes the first`
        : `cannot read ${folder}: ${error.message}`,
    )
  })
  const found = await Promise.all(
    names.map((name) =>
      readRun(join(folder, name)).then(
        (run) => [run],
        // Not a run: what else people keep there is none of ours.
        () => [],
      ),
    ),
  )
  const began = ({ file }: StoredRun): string => file.record.timing.at
  return found.flat().sort((a, b) => (began(a) < began(b) ? -1 : 1))
}

/** Whole lines of records; the last may be half written, by a run under way or one that was killed. */
function linesOf(path: string, text: string): readonly MetricsRecord[] {
  const lines = text.split('\n')
  return lines.slice(0, -1).map((line, i) => {
    try {
      return JSON.parse(line) as MetricsRecord
    } catch {
      throw new Error(
        `${path}: line ${i + 1}: expected a record in JSON, found other text; the file was changed`,
      )
    }
  })
}

/** JSON has no infinite numbers: the losses of a run that diverged stand there as null. */
const loss = (value: number | null): number => value ?? Infinity

const lossesOf = <R extends EvaluationRecord | ResultRecord>(record: R): R => ({
  ...record,
  fullPrecision: loss(record.fullPrecision),
  nearest: loss(record.nearest),
  ...('randomized' in record ? { randomized: loss(record.randomized) } : {}),
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

// Carries out a comparison: trains, tells, and leaves what there is in a run's folder, from which it goes
// on after any interruption. Comes in: a planned comparison. Goes out: table or lines of JSON, metrics,
// weights, report.
// Source: docs/design/04-bench.md, "A run is a folder".

import { readdir, rm, rmdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import type { CliContext } from '@lotion/cli'
import { freshFolder, openRun, RUN_FILE, shellWord, type RunFiles } from '@lotion/cli/internal'
import { formatTitle } from '@lotion/formats/internal'
import { renderReport } from '../report/render-report.js'
import { reportTitle } from '../report/stored-report.js'
import type { Findings } from '../records.js'
import { lastPlaces } from '../run-files/left-by-diverged.js'
import { runFileText, type RunFile } from '../run-files/run-file.js'
import type { ComparedMethod } from '../runs/comparison.js'
import type { StoreOptions } from '../runs/job-store.js'
import { weightsIn } from '../runs/memory-of-run.js'
import { saveCast } from '../runs/save-model.js'
import { eventFiles } from '../trackers/event-files.js'
import { compare, refuseAllDiverged, type Run } from './follow.js'
import { nextSteps, type NextCommand } from './next-steps.js'
import { runRecord } from './run-record.js'

/** Room for the report, the metrics and the model's header: about ten times what they take by default. */
const REPORT_BYTES = 2 ** 21

/**
 * Arrays of a weight's size that a place to go on from holds, as a rule: the weights, and two or three
 * slots.
 */
const SAVED_ARRAYS = 4

/** Where a run's files go: a folder that was chosen, or the first free one of a name. */
export interface RunPlace {
  readonly out?: string
  readonly home?: string
  /** Told once the folder is a run's: from here on it can be gone on with. */
  onBegin?(): Promise<void>
}

/** How often a run keeps where it stands; and what may be typed at its end. */
export interface Keeping {
  readonly checkpoints: Omit<StoreOptions, 'folder'>
  /** Whether event files are written too. Default false. */
  readonly tensorboard?: boolean
  readonly closing?: readonly NextCommand[]
}

/** Begin a run in a folder of its own. @throws Error if the folder is no new one, with what to do. */
export async function beginRun(
  { out, home = 'runs/run', onBegin }: RunPlace,
  run: Run & Keeping,
  context: CliContext,
): Promise<void> {
  const record = await runRecord(run, context.commandLine)
  const { comparison, checkpoints, title } = run
  const file: RunFile = {
    version: 1,
    title,
    workingFolder: process.cwd(),
    loss: run.plan.task.loss,
    formatTitle: formatTitle(run.plan.format),
    usualSteps: run.plan.task.steps,
    comparison,
    checkpoints,
    ...(run.tensorboard ? { tensorboard: true } : {}),
    record,
  }
  const folder = resolve(out ?? (await freshFolder(home)))
  const files = await openRun(folder, { bytes: bytesOf(run), begin: runFileText(file) }).catch(
    async (error: unknown) => {
      if (out === undefined) await rmdir(folder).catch(() => undefined)
      throw error
    },
  )
  await onBegin?.()
  await goOn({ files, shown: shownFolder(folder) }, file, run, context)
}

/** What a run will write at most, as far as it is known. */
export function bytesOf({ plan, comparison, processes, checkpoints }: Run & Keeping): number {
  const { keepBest, ema } = comparison
  const weights = weightsIn(plan.workload.shapes)
  const { methods, seeds } = comparison
  // The last weights beside those that are taken; the best and the average in a place to go on from.
  const [more, slots] = [
    keepBest || ema !== undefined ? seeds : 0,
    Number(!!keepBest) + Number(ema !== undefined),
  ]
  const finished = methods.length * (seeds + more + 1) + 1
  return 4 * weights * (finished + (SAVED_ARRAYS + slots) * processes * (checkpoints.last + 1)) + REPORT_BYTES
}

/** A run's folder while it is worked on. */
export interface OpenFolder {
  readonly files: RunFiles
  /** Its path from where the command was typed, for all that is told. */
  readonly shown: string
}

/** The path of a folder from here. A run that goes on leaves here for where it began: ask before that. */
export const shownFolder = (folder: string): string => relative(process.cwd(), folder) || '.'

/** Do what is left of a run whose folder is open. */
export async function goOn(
  { files, shown }: OpenFolder,
  file: RunFile,
  run: Run & Keeping,
  context: CliContext,
): Promise<void> {
  let lost: Findings['results'] = []
  try {
    const { results } = await carryOut({ files, shown }, file, run, context)
    await removePlaces(join(files.folder, 'checkpoints'), results)
    for (const line of await lastPlaces(files.folder, results)) context.stderr.write(`${line}\n`)
    await files.write(RUN_FILE, runFileText({ ...file, finishedAt: new Date().toISOString() }))
    await files.finish()
    // The run is over: to go on with it would give the same again.
    lost = results
  } catch (error) {
    await files.close()
    context.stderr.write(`to go on: ${context.typed} resume ${shellWord(shown)}\n`)
    throw error
  }
  refuseAllDiverged({ results: lost })
}

/** Remove the places that nothing goes on from any more: all but the last one of each run that diverged. */
async function removePlaces(folder: string, results: Findings['results']): Promise<void> {
  const kept = results.flatMap(({ left }) => left?.job ?? [])
  for (const name of await readdir(folder).catch((): string[] => []))
    if (!kept.includes(name)) await rm(join(folder, name), { recursive: true, force: true })
  await rmdir(folder).catch(() => undefined)
}

async function carryOut(
  { files, shown }: OpenFolder,
  { record, checkpoints, tensorboard }: RunFile,
  run: Run & Keeping,
  context: CliContext,
): Promise<Findings> {
  const { json } = run
  const { task, workload, format } = run.plan
  const { stdout, stderr } = context
  const preview = workload.preview?.(format)
  stderr.write(`${headOf(run)}\n`)
  for (const text of preview?.lines ?? []) stderr.write(`${text}\n`)
  for (const warning of preview?.warnings ?? []) context.warn(warning)
  await files.record(record)
  for (const [name, text] of Object.entries(workload.beside?.files ?? {})) await files.write(name, text)
  const events = tensorboard ? eventFiles(files.path('events')) : undefined
  const { findings, methods } = await compare(run, context, { files, store: checkpoints, events })
  const best = chosenOf(methods)
  // A file that cannot be written costs that file alone: the rest of the run is told all the same.
  const failures = await failuresOf([
    async () => {
      if (best)
        await saveCast(files.path('model.safetensors'), best.quantized, {
          record: best.record,
          task,
          workload,
          format,
        })
    },
    () =>
      files.write(
        'report.html',
        renderReport({
          title: reportTitle(run.title, formatTitle(format)),
          files: best ? ['metrics.jsonl', 'model.safetensors', 'run.json'] : ['metrics.jsonl', 'run.json'],
          loss: task.loss,
          run: record,
          ...findings,
        }),
      ),
  ])
  if (!json && best?.text !== undefined)
    stdout.write(
      `\nthe model of ${best.record.method} in ${formatTitle(format)} continues a prompt:\n\n${printable(best.text.trim())}\n`,
    )
  if (failures.length > 0) throw failures[0]
  if (!json && best) stdout.write(nextSteps(shown, best.record.method, run.closing ?? [], context.typed))
  return findings
}

/** What a run is, in a line. */
export function headOf({ plan: { task, optimizer, format }, comparison, processes }: Run): string {
  const { methods, seeds, steps, tune } = comparison
  const plural = (count: number, word: string): string => `${count} ${word}${count > 1 ? 's' : ''}`
  return [
    task.name,
    formatTitle(format),
    methods.join(', '),
    optimizer,
    plural(seeds, 'seed'),
    plural(steps, 'step'),
    ...(tune ? ['tuned'] : []),
    ...(processes > 1 ? [`${processes} processes`] : []),
  ].join(' · ')
}

/**
 * What is kept of the last seed, as texts: LOTION's if it ran and did not diverge, else the lowest loss
 * after the cast.
 */
function chosenOf(methods: readonly ComparedMethod[]): ComparedMethod['kept'] {
  const kept = methods.flatMap((method) => (method.kept ? [method.kept] : []))
  const byLoss = kept
    .filter(({ record }) => Number.isFinite(record.nearest))
    .sort((a, b) => a.record.nearest - b.record.nearest)
  return kept.find(({ record }) => /^lotion(:|$)/.test(record.method)) ?? byLoss[0] ?? kept[0]
}

/** Do all of it, whatever fails, and collect what did. */
async function failuresOf(works: readonly (() => Promise<unknown>)[]): Promise<readonly unknown[]> {
  const failures: unknown[] = []
  for (const work of works) await work().catch((error: unknown) => failures.push(error))
  return failures
}

/** Bytes that a model invents may be a terminal's control characters: show them as what cannot be shown. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, '\uFFFD')
}

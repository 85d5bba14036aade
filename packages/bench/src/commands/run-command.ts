// The command of a task. Comes in: a task. Goes out: a command that compares methods on it, with table, lines
// of JSON, report and records.
// Source: docs/design/04-bench.md.

import { relative, resolve } from 'node:path'
import { defineCommand, UsageError, type CliCommand, type CliContext } from '@lotion/cli'
import {
  formatWith,
  openRun,
  progressLine,
  wantsPlain,
  type ProgressLine,
  type RunFiles,
} from '@lotion/cli/internal'
import { sizeOf } from '@lotion/core'
import { formatTitle } from '@lotion/formats/internal'
import type { EvaluationRecord, Findings, RunRecord } from '../records.js'
import { comparisonText } from '../report/comparison-table.js'
import { renderReport } from '../report/render-report.js'
import { versions } from '../run-files/versions.js'
import {
  compareMethods,
  type ComparedMethod,
  type Comparison,
  type ComparisonObserver,
} from '../runs/comparison.js'
import { planOf, type ComparisonPlan } from '../runs/comparison-plan.js'
import { jobPool } from '../runs/job-pool.js'
import { saveModel } from '../runs/save-model.js'
import type { Task } from '../tasks/task.js'
import { examplesOf, nextSteps, type NextCommand } from './next-steps.js'
import { comparisonOf, refuseUnused, sharedOptions, workersOf } from './shared-options.js'

/** Room for the report, the metrics and the model's header: about ten times what they take by default. */
const REPORT_BYTES = 2 ** 21

/** Of a comparison, what a run's record has elsewhere, or only where a method is made from it. */
const elsewhere = new Set(['task', 'firstSeed', 'keep', 'fisher', 'noise', 'scaleGradient'])

/** How a command differs from the one that a task has by itself. */
export interface RunCommandChanges extends Partial<Pick<CliCommand, 'path' | 'examples'>> {
  /** Another folder for its files. */
  readonly out?: string
  /** The word that other processes find the task by. Default: its name. */
  readonly word?: string
  /** Lines at the end of a run. */
  readonly closing?: readonly NextCommand[]
}

/**
 * Make the command of a task: its own options, and those of every task.
 * @throws RangeError if both have one of the same name.
 */
export function runCommand(task: Task, changes: RunCommandChanges = {}): CliCommand {
  const {
    word = task.name,
    path = ['run', word],
    examples = examplesOf(task, word),
    out,
    closing = [],
  } = changes
  const shared = sharedOptions(out ? { ...task, defaults: { ...task.defaults, out } } : task)
  const twice = Object.keys(task.options).find((name) => Object.hasOwn(shared, name))
  if (twice !== undefined)
    throw new RangeError(`${task.name}: options: '${twice}' is one that every task has; choose another name`)
  return defineCommand({
    path,
    summary: task.summary,
    examples,
    options: { ...task.options, ...shared },
    run: async (values, context) => {
      const own = Object.fromEntries(
        Object.keys(task.options).map((name) => [name, (values as Readonly<Record<string, unknown>>)[name]]),
      )
      const format = await formatWith(values.format, values.block)
      const { comparison, plan, processes } = await usable(async () => {
        const comparison = comparisonOf({ word, options: own }, values, format)
        const plan = await planOf(comparison)
        refuseUnused(values, shared, plan.methods)
        const processes = Math.min(workersOf(values), plan.runs)
        plan.workload.checkMemory?.(processes)
        return { comparison, plan, processes }
      })
      const run = { plan, comparison, processes, json: values.json, title: path.at(-1)! }
      await (values.out === undefined
        ? compare(run, context)
        : compareInto(resolve(values.out), { ...run, closing }, context))
    },
  })
}

/** What a command carries out. */
interface Run {
  readonly plan: ComparisonPlan
  readonly comparison: Comparison
  readonly processes: number
  readonly json: boolean
  readonly title: string
}

/**
 * Train and tell; lines of JSON appear as soon as a method is done. With files, every record is written as it
 * comes.
 */
async function compare(
  { plan, comparison, processes, json }: Run,
  { stdout, stderr, signal, warn }: CliContext,
  files?: RunFiles,
): Promise<{ readonly findings: Findings; readonly methods: readonly ComparedMethod[] }> {
  const { task, workload, format, runs } = plan
  const methods: ComparedMethod[] = []
  const evaluations: EvaluationRecord[] = []
  const pool = jobPool({ workers: processes, signal, onWarning: warn })
  // A line for each run where runs take long and one follows the other, else one that counts them.
  const single = workload.tokensPerStep !== undefined && processes === 1 && !comparison.tune
  let line: ProgressLine | undefined = single
    ? undefined
    : progressLine({
        label: 'runs',
        total: runs,
        unit: 'done',
        stream: stderr,
        plainLines: files !== undefined,
      })
  let done = 0
  try {
    const observer: ComparisonObserver = {
      observe: ({ method, seed }) => {
        if (!single) return {}
        const label = comparison.seeds > 1 ? `${method} ${seed}` : method
        line = progressLine({ label, total: comparison.steps, stream: stderr })
        return { progress: (progress) => line?.update(progress) }
      },
      done: () => {
        done++
        if (single) line?.stop()
        else line?.update({ step: done })
      },
      record: async (record) => {
        if (record.type === 'evaluation') evaluations.push(record)
        await files?.record(record)
      },
    }
    const compared = compareMethods(comparison, pool, observer, plan)
    for await (const found of compared) {
      methods.push(found)
      await files?.record({ type: 'comparison', ...found.record })
      if (json) stdout.write(`${JSON.stringify(found.record)}\n`)
    }
  } finally {
    line?.stop()
    await pool.close()
  }
  signal.throwIfAborted()
  const findings = {
    comparisons: methods.map(({ record }) => record),
    results: methods.flatMap(({ results }) => results),
    evaluations,
    texts: Object.fromEntries(
      methods.flatMap(({ record, kept }) => (kept?.text === undefined ? [] : [[record.method, kept.text]])),
    ),
  }
  if (!json)
    stdout.write(
      comparisonText(findings, {
        loss: task.loss,
        format: formatTitle(format),
        usualSteps: task.steps,
        plain: wantsPlain(stdout),
      }),
    )
  return { findings, methods }
}

/** Train, tell, and leave metrics, report and model in a folder. */
async function compareInto(
  folder: string,
  run: Run & { readonly closing: readonly NextCommand[] },
  context: CliContext,
): Promise<void> {
  const { comparison, json } = run
  const { task, workload, format, methods: planned, optimizer } = run.plan
  const { stdout, stderr } = context
  const weights = Object.values(workload.shapes).reduce((sum, shape) => sum + sizeOf(shape), 0)
  const files = await openRun(folder, {
    outcomes: ['model.safetensors', 'report.html'],
    bytes: 4 * weights + REPORT_BYTES,
  })
  const preview = workload.preview?.(format)
  stderr.write(`${headOf(run, formatTitle(format))}\n`)
  for (const text of preview?.lines ?? []) stderr.write(`${text}\n`)
  for (const warning of preview?.warnings ?? []) context.warn(warning)
  const chosen = Object.entries(comparison).filter(([name]) => !elsewhere.has(name))
  const record: RunRecord = {
    type: 'run',
    command: context.commandLine,
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
      ...preview?.config,
    },
    modules: [
      ...new Map(
        planned.flatMap(({ modules }) => modules).map((module) => [`${module.kind} ${module.word}`, module]),
      ).values(),
    ],
    versions: versions(),
    timing: { at: new Date().toISOString() },
  }
  await files.record(record)
  const { findings, methods } = await compare(run, context, files)
  const best = chosenOf(methods)
  // A file that cannot be written costs that file alone: the rest of the run is told all the same.
  const failures = await failuresOf([
    () => saveModel(files.path('model.safetensors'), best, { task, workload, format }),
    () =>
      files.write(
        'report.html',
        renderReport({
          title: `LOTION ${run.title}: ${formatTitle(format)}`,
          loss: task.loss,
          run: record,
          ...findings,
        }),
      ),
  ])
  const { method } = best.record
  if (!json && best.text !== undefined)
    stdout.write(
      `\nthe model of ${method} in ${formatTitle(format)} continues a prompt:\n\n${printable(best.text.trim())}\n`,
    )
  if (failures.length > 0) throw failures[0]
  if (!json)
    stdout.write(nextSteps(relative(process.cwd(), folder) || '.', method, run.closing, context.typed))
}

function headOf({ plan: { task, optimizer }, comparison, processes }: Run, format: string): string {
  const { methods, seeds, steps, tune } = comparison
  const plural = (count: number, word: string): string => `${count} ${word}${count > 1 ? 's' : ''}`
  return [
    task.name,
    format,
    methods.join(', '),
    optimizer,
    plural(seeds, 'seed'),
    plural(steps, 'step'),
    ...(tune ? ['tuned'] : []),
    ...(processes > 1 ? [`${processes} processes`] : []),
  ].join(' · ')
}

/** What is kept of the last seed, as texts: LOTION's if it ran, else the lowest loss after the cast. */
function chosenOf(methods: readonly ComparedMethod[]): NonNullable<ComparedMethod['kept']> {
  const kept = methods.flatMap((method) => (method.kept ? [method.kept] : []))
  const byLoss = kept
    .filter(({ record }) => Number.isFinite(record.nearest))
    .sort((a, b) => a.record.nearest - b.record.nearest)
  return kept.find(({ record }) => /^lotion(:|$)/.test(record.method)) ?? byLoss[0] ?? kept[0]!
}

/** Do all of it, whatever fails, and collect what did. */
async function failuresOf(works: readonly (() => Promise<unknown>)[]): Promise<readonly unknown[]> {
  const failures: unknown[] = []
  for (const work of works) await work().catch((error: unknown) => failures.push(error))
  return failures
}

/** Turn a complaint about values that do not go together into a mistake of the call. */
async function usable<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error
  }
}

/** Bytes that a model invents may be a terminal's control characters: show them as what cannot be shown. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, '\uFFFD')
}

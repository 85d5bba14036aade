// The command of a task. Comes in: a task. Goes out: a command that compares methods on it, with table, lines
// of JSON, report and records.
// Source: docs/design/04-bench.md.

import {
  defineCommand,
  flag,
  UsageError,
  type CliCommand,
  type CliContext,
  type CliOptions,
  type OptionValues,
} from '@lotion/cli'
import { formatWith, progressLine, refuseTaken, type ProgressLine } from '@lotion/cli/internal'
import { refuseNoMemory } from '../runs/memory-of-run.js'
import { planOf, withBytesPerToken, type ComparisonPlan } from '../runs/comparison-plan.js'
import type { DataFacts } from '../tasks/data-facts.js'
import type { PreparedOptions, Task, Workload } from '../tasks/task.js'
import { beginRun } from './carry-out.js'
import { dryRun } from './dry-run.js'
import { compare, refuseAllDiverged } from './follow.js'
import { examplesOf, type NextCommand } from './next-steps.js'
import {
  checkpointsOf,
  comparisonOf,
  methodsOf,
  refuseUnused,
  sharedOptions,
  workersOf,
  type SharedValues,
} from './shared-options.js'

/** How a command differs from the one that a task has by itself. */
export interface RunCommandChanges extends Partial<Pick<CliCommand, 'path' | 'examples'>> {
  /** Its folder, if none is chosen; with a number behind it where there is one. */
  readonly out?: string
  /** The word that other processes find the task by. Default: its name. */
  readonly word?: string
  /** Lines at the end of a run. */
  readonly closing?: readonly NextCommand[]
}

/** What is asked of the call itself. */
const callOptions = {
  dryRun: {
    flags: '--dry-run',
    description:
      'check data, memory and disk, time a few steps, tell what the run would be, and make no run of it',
    schema: flag,
    call: true,
  },
} as const satisfies CliOptions

/**
 * Make the command of a task: its own options, and those of every task.
 * @throws RangeError if both have one of the same name.
 */
export function runCommand(task: Task, changes: RunCommandChanges = {}): CliCommand {
  const {
    word = task.name,
    path = ['run', word],
    examples = examplesOf(task, word),
    out: home = task.defaults?.out,
    closing = [],
  } = changes
  const shared = sharedOptions(
    home === undefined ? task : { ...task, defaults: { ...task.defaults, out: home } },
  )
  const twice = Object.keys(task.options).find((name) => Object.hasOwn(shared, name))
  if (twice !== undefined)
    throw new RangeError(`${task.name}: options: '${twice}' is one that every task has; choose another name`)
  return defineCommand({
    path,
    summary: task.summary,
    examples,
    options: { ...task.options, ...shared, ...callOptions },
    config: true,
    run: async (values, context) => {
      const given: Readonly<Record<string, unknown>> = values
      const own = Object.fromEntries(Object.keys(task.options).map((name) => [name, given[name]]))
      const prepared: PreparedOptions = (await task.prepare?.(own, context.signal)) ?? { own }
      let hasBegun = false
      try {
        await begin(prepared, values, context, async () => {
          hasBegun = true
          await prepared.begun?.()
        })
      } finally {
        if (!hasBegun) await prepared.undo?.()
      }
    },
  })

  /** Check all of it and do it. */
  async function begin(
    { own, made: [made, name] = ['', ''] }: PreparedOptions,
    values: SharedValues & OptionValues<typeof callOptions>,
    context: CliContext,
    onBegin: () => Promise<void>,
  ): Promise<void> {
    const { comparison, plan, processes, data } = await usable(async () => {
      const format = await formatWith(values.format, values.block)
      const comparison = comparisonOf(
        { word, options: own },
        await methodsOf(task, own, values),
        values,
        format,
        home,
      )
      const plan = await planOf(comparison)
      refuseUnused(values, shared, plan.methods)
      const processes = Math.min(workersOf(values), plan.runs)
      refuseNoMemory({ plan, comparison, processes })
      const data = await readWhole(plan.workload, values.dryRun, context)
      return { comparison, plan: withBytesPerToken(plan, await bytesPerToken(plan, data)), processes, data }
    }).catch((error: unknown) => {
      if (error instanceof UsageError && made !== '')
        throw new UsageError(error.message.replaceAll(made, name))
      throw error
    })
    const run = { plan, comparison, processes, json: values.json, title: path.at(-1)! }
    const { out, tensorboard } = values
    if (tensorboard && (out ?? home) === undefined)
      throw new UsageError('tensorboard: expected a folder for the run, found none; add --out <folder>')
    const place = { ...(out === undefined ? {} : { out }), ...(home === undefined ? {} : { home }), onBegin }
    const keeping = { closing, tensorboard, checkpoints: checkpointsOf(values) }
    if (values.dryRun) {
      if (out !== undefined) await refuseTaken(out)
      await dryRun({ ...run, ...keeping }, out ?? home, data, context)
    } else if ((out ?? home) === undefined) refuseAllDiverged((await compare(run, context)).findings)
    else await beginRun(place, { ...run, ...keeping }, context)
  }
}

/** Bytes of a token that losses are measured on; nothing where it is of no text. */
const bytesPerToken = async (
  { workload }: Pick<ComparisonPlan, 'workload'>,
  data: DataFacts | undefined,
): Promise<number | undefined> =>
  data?.judgedBytes === undefined ? workload.bytesPerToken?.() : data.judgedBytes / data.judged

/** Bytes of text that are tokenized before one has waited. */
const LONG_TEXT = 2 ** 24

/** Read all of the data before anything is made of it, with a line for who waits. */
async function readWhole(
  { readData }: Workload,
  all: boolean,
  { stderr, signal }: CliContext,
): Promise<DataFacts | undefined> {
  let line: ProgressLine | undefined
  try {
    return await readData?.({
      all,
      signal,
      onProgress: (bytes, total) => {
        if (total < LONG_TEXT) return
        line ??= progressLine({ label: 'text', total, stream: stderr })
        line.update({ step: bytes })
      },
    })
  } finally {
    line?.stop()
  }
}

/** Turn a complaint about values that do not go together into a mistake of the call. */
async function usable<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error
  }
}

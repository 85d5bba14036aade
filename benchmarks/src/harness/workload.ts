// A speed test as a record, and the command that runs it. Comes in: options and what to measure. Goes out:
// `lotion bench NAME`, with progress on standard error, tables or lines of JSON on standard output.
// Source: docs/design/12-speed-tests.md.

import { availableParallelism } from 'node:os'
import {
  defineCommand,
  FailedCheck,
  flag,
  maybe,
  wholeNumber,
  type CliCommand,
  type CliOption,
  type CliOptions,
  type OptionValues,
} from '@lotion/cli'
import { progressLine, wantsPlain, type ProgressLine } from '@lotion/cli/internal'
import type { BenchContext } from './competitor.js'
import { reportJson, reportText, type BenchReport } from './report.js'
import { torchOption } from './torch-competitor.js'
import { torchNotes } from './torch-environment.js'

/**
 * One speed test. It is light: what is measured is loaded by `measure`, since help and other commands would
 * wait for it.
 */
export interface Workload<O extends CliOptions> {
  /** The word after `lotion bench`. */
  readonly name: string
  readonly summary: string
  /** Its own options; `--json` is everybody's. */
  readonly options: O
  /** Command lines that work. */
  readonly examples: readonly string[]
  /** Measure, and show what was found: once, or once a size. */
  measure(values: OptionValues<O>, context: BenchContext, show: (report: BenchReport) => void): Promise<void>
}

/** Define a speed test. */
export const defineWorkload = <const O extends CliOptions>(workload: Workload<O>): Workload<O> =>
  Object.freeze(workload)

/** `--rounds`, with its own words; without a default the value may be left out. */
export function roundsOption(what: string): CliOption<number | undefined>
export function roundsOption(what: string, value: number): CliOption<number>
export function roundsOption(what: string, value?: number): CliOption<number | undefined> {
  const schema = wholeNumber({ min: 1, max: 100_000 })
  const shared = { flags: '--rounds <n>', description: what }
  return value === undefined
    ? { ...shared, schema: maybe(schema) }
    : { ...shared, schema, default: String(value) }
}

/** `--threads`, all cores if left out. */
export function threadsOption(
  what: string,
  { least = 1, most = 1024 }: { readonly least?: number; readonly most?: number } = {},
): CliOption<number> {
  const few = most < 1024 ? `, at most ${most}` : ''
  return {
    flags: '--threads <n>',
    description: `${what} (default: all cores${few})`,
    schema: maybe(wholeNumber({ min: least, max: 1024 })).transform(
      (count) => count ?? Math.min(most, Math.max(least, availableParallelism())),
    ),
  }
}

/** Make the command of a speed test. */
export function benchCommand<O extends CliOptions>(workload: Workload<O>): CliCommand {
  const { name, summary, options, examples, measure } = workload
  const json: CliOption<boolean> = {
    flags: '--json',
    description: 'write lines of JSON: what was measured, and who is missing',
    schema: flag,
  }
  return defineCommand({
    path: ['bench', name],
    summary,
    options: { ...options, json },
    examples,
    ...(Object.values(options).includes(torchOption) ? { notes: torchNotes() } : {}),
    run: async (values, { stdout, stderr, signal }) => {
      const stages = stagedProgress(stderr)
      const context = { log: (line: string) => void stderr.write(`${line}\n`), progress: stages.show, signal }
      try {
        await measure(values, context, (report) => {
          stages.stop()
          stdout.write(values.json ? reportJson(report) : reportText(report, { plain: wantsPlain(stdout) }))
          if (report.failed !== undefined) throw new FailedCheck(report.failed)
        })
      } finally {
        stages.stop()
      }
    },
  })
}

/** A progress line for one stage after the other. */
function stagedProgress(stream: NodeJS.WriteStream): { show: BenchContext['progress']; stop(): void } {
  let [shown, line]: [string | undefined, ProgressLine | undefined] = [undefined, undefined]
  const stop = (): void => {
    line?.stop()
    shown = undefined
  }
  return {
    show: (label, done, total, unit = 'steps') => {
      if (label !== shown) {
        stop()
        line = progressLine({ label, total, unit, stream })
        shown = label
      }
      line?.update({ step: done })
    },
    stop,
  }
}

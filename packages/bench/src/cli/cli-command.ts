// Commands as values. Comes in: name, options with their schemas, what to do. Goes out: a command that checks its options.
// Source: docs/design/04-bench.md; the command line itself is read by commander (see run-cli.ts).

import type { z } from 'zod'
import { UsageError } from './usage-error.js'

/** One option: how it is written, what it means, which values it takes. */
export interface CliOption<T> {
  /** As commander writes it: `--steps <n>`, `--json`, `--no-scale-gradient`. */
  readonly flags: string
  readonly description: string
  readonly schema: z.ZodType<T>
  /** As it would be typed. */
  readonly default?: string
}

/** Options by the name commander gives their values: `--label-noise` is `labelNoise`. */
export type CliOptions = Readonly<Record<string, CliOption<unknown>>>

/** Values of options after the checks. */
export type OptionValues<O extends CliOptions> = {
  readonly [K in keyof O]: O[K] extends CliOption<infer T> ? T : never
}

/** What a command may touch of the world. */
export interface CliContext {
  /** Results; nothing else goes there. */
  readonly stdout: NodeJS.WriteStream
  /** Progress and messages. */
  readonly stderr: NodeJS.WriteStream
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** The command as it was typed, for records. */
  readonly commandLine: string
}

/** A command of the tool. */
export interface CliCommand {
  /** Words that call it: `['run', 'two-layer']`. */
  readonly path: readonly string[]
  readonly summary: string
  readonly options: CliOptions
  /** Command lines that work, shown in the help. */
  readonly examples: readonly string[]
  /** What else its user should know, at the end of the help. */
  readonly notes?: string
  /** Check the raw values, then run. @throws UsageError naming the option, what was expected and what was found. */
  run(raw: Readonly<Record<string, unknown>>, context: CliContext): Promise<void>
}

/** Define a command; `run` gets checked values. */
export function defineCommand<O extends CliOptions>(
  definition: Omit<CliCommand, 'options' | 'run'> & {
    readonly options: O
    run(values: OptionValues<O>, context: CliContext): Promise<void>
  },
): CliCommand {
  return Object.freeze({
    ...definition,
    run: async (raw, context) => definition.run(checked(definition.options, raw), context),
  } satisfies CliCommand)
}

/** The name an option goes by in messages: `--label-noise <std>` is `label-noise`. */
function optionName(flags: string): string {
  return /--(?:no-)?([\w-]+)/.exec(flags)?.[1] ?? flags
}

function checked<O extends CliOptions>(options: O, raw: Readonly<Record<string, unknown>>): OptionValues<O> {
  const entries = Object.entries(options).map(([key, { flags, schema }]) => {
    const result = schema.safeParse(raw[key])
    if (!result.success) throw new UsageError(`${optionName(flags)}: ${result.error.issues[0]!.message}`)
    return [key, result.data]
  })
  return Object.fromEntries(entries) as OptionValues<O>
}

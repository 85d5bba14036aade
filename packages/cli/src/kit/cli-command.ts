// Commands as values. Comes in: name, options with their schemas, what to do. Goes out: a command that checks
// its options.
// Source: docs/design/04-bench.md; the command line itself is read by commander (see run-cli.ts).

import { refuseUnknownKeys } from '@lotion/core/internal'
import type { z } from 'zod'
import { checkOption } from './check-option.js'
import { UsageError } from './usage-error.js'

/** One option: how it is written, what it means, which values it takes. @experimental */
export interface CliOption<T> {
  /** As commander writes it: `--steps <n>`, `--json`, `--no-scale-gradient`. */
  readonly flags: string
  /** What the help says of it, without the default. */
  readonly description: string
  /** Checks what was typed and makes the value of it; its message is what a user reads. */
  readonly schema: z.ZodType<T>
  /** As it would be typed. */
  readonly default?: string
  /** Whether it says how the command is called, not what it does: no key of a config. Default: it is one. */
  readonly call?: true
}

/** Options by the name commander gives their values: `--label-noise` is `labelNoise`. @experimental */
export type CliOptions = Readonly<Record<string, CliOption<unknown>>>

/** One word after the command, told apart by its place. @experimental */
export interface CliArgument<T> {
  /** As commander writes it: `<in>`, or `[folder]` if it may be left out. */
  readonly syntax: string
  /** What the help says of it. */
  readonly description: string
  /** Checks what was typed and makes the value of it; its message is what a user reads. */
  readonly schema: z.ZodType<T>
}

/** Arguments in the order in which they are typed, each under a name that no option has. @experimental */
export type CliArguments = Readonly<Record<string, CliArgument<unknown>>>

/** Values of options or arguments after the checks. @experimental */
export type OptionValues<O extends CliOptions | CliArguments> = {
  readonly [K in keyof O]: O[K] extends {
    /** Its values are the option's. */
    readonly schema: z.ZodType<infer T>
  }
    ? T
    : never
}

/** What a command may touch of the world. @experimental */
export interface CliContext {
  /** Results; nothing else goes there. */
  readonly stdout: NodeJS.WriteStream
  /** Progress and notes; `--quiet` is deaf to it. */
  readonly stderr: NodeJS.WriteStream
  /**
   * Say on standard error, after `warning: `, what a user should know in any case.
   * @param text A sentence in plain words, without a line break at its end.
   */
  warn(text: string): void
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** How the command is typed where its reader stands: `lotion`, or a script of npm. */
  readonly typed: string
  /** The command as it was typed, for records. */
  readonly commandLine: string
}

/** A command of the tool. @experimental */
export interface CliCommand {
  /** Words that call it: `['run', 'two-layer']`. */
  readonly path: readonly string[]
  /** What the list of commands says of it, in one line. */
  readonly summary: string
  /** Default: none. */
  readonly arguments?: CliArguments
  /** Those it has beside `--quiet` and what else all commands share. */
  readonly options: CliOptions
  /** Whether a file may give its options; it has no arguments then. Default: none may. */
  readonly config?: true
  /** Command lines that work, shown in the help. */
  readonly examples: readonly string[]
  /** What else its user should know, at the end of the help. */
  readonly notes?: string
  /**
   * Check the raw values, then run.
   * @param raw As typed, by the names of arguments and options.
   * @param context What the command may touch.
   * @throws UsageError naming the option, what was expected and what was found.
   */
  run(raw: Readonly<Record<string, unknown>>, context: CliContext): Promise<void>
}

/** A command that may still have to be loaded. @experimental */
export interface CommandEntry {
  /** Words that call it, as in the command itself. */
  readonly path: string
  /** Load the command. */
  load(): Promise<CliCommand>
}

/**
 * Define a command; `run` gets checked values, of arguments and options alike.
 * @param definition The members of a command; `run` gets the values that its schemas made.
 * @throws if a key is unknown.
 * @experimental
 */
export function defineCommand<O extends CliOptions, A extends CliArguments = CliArguments>(
  definition: Omit<CliCommand, 'arguments' | 'options' | 'run'> & {
    readonly arguments?: A
    readonly options: O
    /**
     * Do what the command is for.
     * @param values By the names of arguments and options, as their schemas made them.
     * @param context What the command may touch.
     */
    run(values: OptionValues<A> & OptionValues<O>, context: CliContext): Promise<void>
  },
): CliCommand {
  const whose = definition.path.join(' ')
  refuseUnknownKeys(whose, definition, {
    path: true,
    summary: true,
    arguments: true,
    options: true,
    config: true,
    examples: true,
    notes: true,
    run: true,
  })
  const { arguments: words, options } = definition
  for (const [key, option] of Object.entries(options)) checkOption(`${whose}: options: ${key}`, option)
  for (const [key, word] of Object.entries(words ?? {}))
    refuseUnknownKeys(`${whose}: arguments: ${key}`, word, { syntax: true, description: true, schema: true })
  return Object.freeze({
    ...definition,
    run: async (raw, context) => {
      const given = words ? checked(words, raw) : ({} as OptionValues<A>)
      await definition.run({ ...given, ...checked(options, raw) }, context)
    },
  } satisfies CliCommand)
}

/** The name of an option or argument in messages: `--label-noise <std>` is `label-noise`, `<in>` is `in`. */
function nameOf(value: CliOption<unknown> | CliArgument<unknown>): string {
  const written = 'flags' in value ? value.flags : value.syntax
  return /--(?:no-)?([\w-]+)/.exec(written)?.[1] ?? written.replaceAll(/[<>[\]]/g, '')
}

/**
 * Check raw values.
 * @param known Options or arguments, by name.
 * @param raw As they were typed, by name.
 * @throws UsageError naming the option, what was expected and what was found.
 */
export function checked<O extends CliOptions | CliArguments>(
  known: O,
  raw: Readonly<Record<string, unknown>>,
): OptionValues<O> {
  const entries = Object.entries(known).map(([key, value]) => {
    const result = value.schema.safeParse(raw[key])
    if (!result.success) throw new UsageError(`${nameOf(value)}: ${result.error.issues[0]!.message}`)
    return [key, result.data]
  })
  return Object.fromEntries(entries) as OptionValues<O>
}

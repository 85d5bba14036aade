// Commands whose options may stand in a file. Comes in: what was typed. Goes out: the command's run, with
// what the file says where nothing was typed; or the whole config, printed.
// Source: docs/design/04-bench.md, configs.

import type { CliArguments, CliCommand, CliContext, CliOption } from '../kit/cli-command.js'
import { flag, maybe, pathValue } from '../kit/option-values.js'
import { UsageError } from '../kit/usage-error.js'
import { configValues } from './config-file.js'
import { configSchema, configText } from './config-text.js'

/** The word behind such a command. */
export const configArgument = {
  config: {
    syntax: '[config]',
    description: 'a file with these options as keys: YAML, JSON, or a module; what is typed goes before it',
    schema: maybe(pathValue),
  },
} satisfies CliArguments

/** What is asked of the config itself. */
export const configOptions: Readonly<Record<'printConfig' | 'printSchema', CliOption<boolean>>> = {
  printConfig: {
    flags: '--print-config',
    description: 'print all options as a config, and do nothing else',
    schema: flag,
  },
  printSchema: {
    flags: '--print-schema',
    description: 'print the JSON schema of configs, by which editors complete them, and do nothing else',
    schema: flag,
  },
}

/**
 * Run a command with what a config says, or print the config.
 * @param raw As typed, with the defaults of what was not.
 * @param isTyped Whether an option was typed.
 */
export async function withConfig(
  command: CliCommand,
  raw: Readonly<Record<string, unknown>>,
  isTyped: (key: string) => boolean,
  context: CliContext,
): Promise<void> {
  const { config, printConfig, printSchema, ...typed } = raw
  if (printSchema === true) {
    context.stdout.write(`${JSON.stringify(configSchema(command), null, 2)}\n`)
    return
  }
  const path = configArgument.config.schema.safeParse(config)
  if (!path.success) throw new UsageError(`config: ${path.error.issues[0]!.message}`)
  const stored = path.data === undefined ? {} : await configValues(path.data, command.options)
  const values = {
    ...typed,
    ...Object.fromEntries(Object.entries(stored).filter(([key]) => !isTyped(key))),
  }
  if (printConfig === true) context.stdout.write(configText(command, values))
  else await command.run(values, context)
}

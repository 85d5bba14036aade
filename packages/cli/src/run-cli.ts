// The command line: from words to a command, from an error to a line and an exit status.
// Comes in: arguments. Goes out: an exit status: 0 done, 1 failed, 2 called wrongly, 130 stopped by Ctrl-C.

import { readFileSync } from 'node:fs'
import { Command, Option, type CommanderError } from 'commander'
import { guardedStream, longestMessage, terminalStack, terminalText } from './console/terminal-text.js'
import { commandsFor } from './commands.js'
import type { CliCommand, CliContext } from './kit/cli-command.js'
import { FailedCheck } from './kit/failed-check.js'
import { UsageError } from './kit/usage-error.js'

/** Everything outside that the command line talks to. */
export type CliWorld = Pick<CliContext, 'stdout' | 'stderr' | 'signal'>

/** Summaries of words that only group commands. */
const groups: Readonly<Record<string, string>> = {
  run: 'train with several methods over several seeds and compare them',
  bench: 'measure speed',
  new: 'make a folder for a plugin of your own, with its test',
}

/** Read the arguments and run the command they name. Never throws; what goes wrong is told on standard error. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  const stdout = guardedStream(world.stdout)
  const stderr = guardedStream(world.stderr)
  const context: CliContext = { ...world, stdout, stderr, commandLine: ['lotion', ...args].join(' ') }
  try {
    await programOf(await commandsFor(args), context).parseAsync([...args], { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof Finished) return 0
    if (world.signal.aborted) {
      stderr.write('stopped; nothing was left half-written\n')
      return 130
    }
    return report(error, stderr)
  }
}

/** Help or version was shown: nothing more to do. */
class Finished extends Error {}

/** A usage error with the command whose help would tell more. */
class MisusedCommand extends UsageError {
  constructor(
    message: string,
    readonly command: string,
  ) {
    super(message)
  }
}

function report(error: unknown, stderr: NodeJS.WriteStream): number {
  const message = error instanceof Error ? error.message : String(error)
  stderr.write(`error: ${terminalText(message, longestMessage)}\n`)
  if (error instanceof MisusedCommand) stderr.write(`see: ${error.command} --help\n`)
  if (process.env['LOTION_DEBUG']) {
    for (let at: unknown = error; at instanceof Error; at = at.cause) stderr.write(terminalStack(at))
  } else if (!(error instanceof UsageError || error instanceof FailedCheck))
    stderr.write('for a stack trace, set LOTION_DEBUG=1\n')
  return error instanceof UsageError ? 2 : 1
}

function programOf(list: readonly CliCommand[], context: CliContext): Command {
  const program = described(new Command('lotion'), context)
    .description(
      'Train networks for 4-bit and 8-bit weights, compare the methods that do it, and cast what was trained.',
    )
    .version(version(), '-V, --version', 'print the version')
  for (const command of list) {
    const [word, ...rest] = command.path
    const group = rest.length === 0 ? program : groupOf(program, word!, list, context)
    // Not by group.command(), which would take what follows a blank in a path for arguments.
    const own = described(new Command(command.path.at(-1)), context)
      .summary(command.summary)
      .description(`${capital(command.summary)}.`)
    group.addCommand(own)
    for (const option of Object.values(command.options)) {
      const made = new Option(option.flags, option.description)
      own.addOption(option.default === undefined ? made : made.default(option.default))
    }
    const words = Object.entries(command.arguments ?? {})
    for (const [, { syntax, description }] of words) own.argument(syntax, description)
    addExamples(own, command.examples)
    if (command.notes) own.addHelpText('after', `\n${command.notes}`)
    own.action(async () => {
      const given = words.map(([key], i) => [key, own.processedArgs[i]] as const)
      try {
        await command.run({ ...own.opts(), ...Object.fromEntries(given) }, context)
      } catch (error) {
        throw error instanceof UsageError ? new MisusedCommand(error.message, nameOf(own)) : error
      }
    })
  }
  addExamples(program, firstExamples(list))
  return program
}

function groupOf(program: Command, word: string, list: readonly CliCommand[], context: CliContext): Command {
  const known = program.commands.find((command) => command.name() === word)
  if (known) return known
  const summary = groups[word] ?? word
  const group = described(program.command(word), context)
    .summary(summary)
    .description(`${capital(summary)}.`)
  addExamples(group, firstExamples(list.filter(({ path }) => path[0] === word)))
  return group
}

/** One command line of each command. */
const firstExamples = (list: readonly CliCommand[]): readonly string[] =>
  list.flatMap(({ examples }) => examples.slice(0, 1))

function addExamples(command: Command, examples: readonly string[]): void {
  if (examples.length === 0) return
  command.addHelpText('after', `\nExamples:${examples.map((line) => `\n  $ ${line}`).join('')}`)
}

/** Give a command our streams and our errors. */
function described(command: Command, { stdout, stderr }: CliContext): Command {
  return command
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => undefined,
    })
    .exitOverride((error) => {
      throw translated(error, command)
    })
}

/** Say in one line what commander found, in the words of all other errors. */
function translated(error: CommanderError, command: Command): Error {
  const words = command.commands.map((child) => child.name())
  if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return new Finished()
  if (error.code === 'commander.help')
    return new MisusedCommand(`command: expected one of ${words.join(', ')}, found none`, nameOf(command))
  if (error.code === 'commander.unknownCommand') {
    return new MisusedCommand(
      `command: expected one of ${words.join(', ')}, found '${command.args[0]}'`,
      nameOf(command),
    )
  }
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*?)\?\)/, ' (did you mean $1?)')
  return new MisusedCommand(message.replaceAll('\n', ' '), nameOf(command))
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name()
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function version(): string {
  // From source and built alike, the manifest lies one folder up.
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}

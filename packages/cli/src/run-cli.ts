// The command line: from words to a command, from an error to a line and an exit status.
// Comes in: arguments. Goes out: an exit status: 0 done, 1 failed, 2 called wrongly, 130 stopped by Ctrl-C.

import { PassThrough } from 'node:stream'
import { Command, Option, type CommanderError } from 'commander'
import { configArgument, configOptions, withConfig } from './config/config-command.js'
import { guardedStream, LONGEST_MESSAGE, terminalStack, terminalText } from './console/terminal-text.js'
import { absentBringers, commandsFor, type CommandBringer } from './commands.js'
import type { CliCommand, CliContext } from './kit/cli-command.js'
import { FailedCheck } from './kit/failed-check.js'
import { foundWord, knownWord } from './kit/known-word.js'
import { UsageError } from './kit/usage-error.js'
import { toolVersion } from './tool-version.js'

/** Everything outside that the command line talks to. */
export type CliWorld = Pick<CliContext, 'stdout' | 'stderr' | 'signal'> & Partial<Pick<CliContext, 'typed'>>

/** Words that only group commands: summaries, and what else the help should say. */
const groups: Readonly<Record<string, readonly [summary: string, notes?: string]>> = {
  run: [
    'train with several methods over several seeds and compare them',
    'A task may also be the path of a module that exports one, such as lotion run ./my-task.ts;\n' +
      'lotion new task makes one.',
  ],
  bench: ['measure speed'],
  new: ['make a folder for a plugin of your own, with its test'],
}

/** Read the arguments and run the command they name. Never throws; errors are told on standard error. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  const stdout = guardedStream(world.stdout)
  const stderr = guardedStream(world.stderr)
  const context: CliContext = {
    ...world,
    typed: world.typed ?? 'lotion',
    stdout,
    stderr,
    warn: (text) => void stderr.write(`warning: ${text}\n`),
    commandLine: ['lotion', ...args].join(' '),
  }
  // As with git and npm: `lotion help run` is `lotion run --help`.
  const words = knownWord(['help'], args[0] ?? '') ? [...args.slice(1), '--help'] : [...args]
  try {
    const list = await commandsFor(words)
    const program = programOf(list, context)
    if (words.every((word) => word.startsWith('-')))
      program.addHelpText('after', absentText(await absentBringers()))
    await program.parseAsync(spelt(list, words), { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof Finished) return 0
    if (world.signal.aborted) {
      stderr.write('stopped; nothing was left half-written\n')
      return 130
    }
    return report(error, context)
  }
}

/**
 * The words of a command as it spells them itself, up to the first that none has: commander would answer
 * `lotion csat --help` with the whole help.
 */
function spelt(list: readonly CliCommand[], words: readonly string[]): readonly string[] {
  const known: string[] = []
  let fitting = list
  for (const [i, word] of words.entries()) {
    fitting = fitting.filter(({ path }) => path.length > i && (i === 0 || path[i - 1] === known[i - 1]))
    if (fitting.length === 0 || word.startsWith('-')) return [...known, ...words.slice(i)]
    const meant = knownWord(
      fitting.map(({ path }) => path[i]!),
      word,
    )
    known.push(meant ?? word)
    if (meant === undefined) return known
  }
  return known
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

function report(error: unknown, { stderr, typed }: CliContext): number {
  const message = error instanceof Error ? error.message : String(error)
  stderr.write(`error: ${terminalText(message, LONGEST_MESSAGE)}\n`)
  if (error instanceof MisusedCommand) stderr.write(`see: ${asTyped(error.command, typed)} --help\n`)
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
    .version(toolVersion(), '-V, --version', 'print the version')
  for (const command of list) {
    const [word, ...rest] = command.path
    const group = rest.length === 0 ? program : groupOf(program, word!, list, context)
    // Not by group.command(), which would take what follows a blank in a path for arguments.
    const own = described(new Command(command.path.at(-1)), context)
      .summary(command.summary)
      .description(`${capital(command.summary)}.`)
    group.addCommand(own)
    for (const option of Object.values({ ...command.options, ...(command.config ? configOptions : {}) })) {
      const made = new Option(option.flags, option.description)
      own.addOption(option.default === undefined ? made : made.default(option.default))
    }
    const words = Object.entries({ ...command.arguments, ...(command.config ? configArgument : {}) })
    for (const [, { syntax, description }] of words) own.argument(syntax, description)
    own.addOption(new Option('-q, --quiet', 'no progress and no notes, but warnings, errors and results'))
    addExamples(own, command.examples, context)
    if (command.notes) own.addHelpText('after', `\n${command.notes}`)
    own.action(async () => {
      const given = words.map(([key], i) => [key, own.processedArgs[i]] as const)
      try {
        const { quiet, ...options } = own.opts<Readonly<Record<string, unknown>>>()
        const heard = quiet ? { ...context, stderr: silence() } : context
        const raw = { ...options, ...Object.fromEntries(given) }
        const isTyped = (key: string): boolean => own.getOptionValueSource(key) === 'cli'
        await (command.config ? withConfig(command, raw, isTyped, heard) : command.run(raw, heard))
      } catch (error) {
        throw error instanceof UsageError ? new MisusedCommand(error.message, nameOf(own)) : error
      }
    })
  }
  addExamples(program, firstExamples(list), context)
  return program
}

function groupOf(program: Command, word: string, list: readonly CliCommand[], context: CliContext): Command {
  const known = program.commands.find((command) => command.name() === word)
  if (known) return known
  const [summary, notes] = groups[word] ?? [word]
  const group = described(program.command(word), context)
    .summary(summary)
    .description(`${capital(summary)}.`)
  addExamples(group, firstExamples(list.filter(({ path }) => path[0] === word)), context)
  if (notes) group.addHelpText('after', `\n${notes}`)
  return group
}

/** One command line of each command. */
const firstExamples = (list: readonly CliCommand[]): readonly string[] =>
  list.flatMap(({ examples }) => examples.slice(0, 1))

function addExamples(command: Command, examples: readonly string[], { typed }: CliContext): void {
  if (examples.length === 0) return
  command.addHelpText(
    'after',
    `\nExamples:${examples.map((line) => `\n  $ ${asTyped(line, typed)}`).join('')}`,
  )
}

/** A command line of `lotion` as it is typed here. */
const asTyped = (line: string, typed: string): string => line.replace(/^lotion(?= |$)/, () => typed)

/** Give a command our streams and our errors. */
function described(command: Command, { stdout, stderr }: CliContext): Command {
  return (
    command
      .helpOption('-h, --help', 'show this help')
      .helpCommand(false)
      // Long summaries are the rule here: wrap them on a narrow terminal too.
      .configureHelp({ minWidthToWrap: 20 })
      .configureOutput({
        getOutHelpWidth: () => (stdout.isTTY ? stdout.columns : 80),
        writeOut: (text) => stdout.write(text),
        writeErr: (text) => stderr.write(text),
        outputError: () => undefined,
      })
      .exitOverride((error) => {
        throw translated(error, command)
      })
  )
}

/** Say in one line what commander found, in the words of all other errors. */
function translated(error: CommanderError, command: Command): Error {
  const words = command.commands.map((child) => child.name())
  const expected = `command: expected one of ${words.join(', ')}`
  if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return new Finished()
  if (error.code === 'commander.help') return new MisusedCommand(`${expected}, found none`, nameOf(command))
  if (error.code === 'commander.unknownCommand') {
    const word = command.args[0]!
    return new MisusedCommand(
      `${expected}, ${foundWord(words, word, toldBy(command, word))}`,
      nameOf(command),
    )
  }
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*?)\?\)/, ' (did you mean $1?)')
  return new MisusedCommand(message.replaceAll('\n', ' '), nameOf(command))
}

/** The only command whose summary has a word: `new transformation` makes a folder for an optimizer. */
function toldBy(command: Command, word: string): string | undefined {
  const told = command.commands.filter((child) =>
    child
      .description()
      .split(/[^\w-]+/)
      .includes(word.toLowerCase()),
  )
  return told.length === 1 ? told[0]!.name() : undefined
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name()
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A stream that discards what is written to it. */
function silence(): NodeJS.WriteStream {
  return new PassThrough().resume() as unknown as NodeJS.WriteStream
}

/** Commands that are not there, under the help of those that are. */
function absentText(absent: readonly CommandBringer[]): string {
  const lines = absent.map(
    ({ name, words, advice }) => `\nNot here: ${words.join(', ')} (${name}: ${advice})`,
  )
  return lines.join('')
}

// Every command of the tool, in the order of the help. Comes in: the words of a command line. Goes out: the
// commands they may mean.
// Source: one file a command; a new one is one line here. A command is loaded when it is called: casting a
// file needs no engine.

import type { CliCommand, CommandEntry } from './kit/cli-command.js'
import { knownWord } from './kit/known-word.js'
import { optional } from './kit/optional-package.js'
import { UsageError } from './kit/usage-error.js'
import { templateKinds } from './plugins/template-kinds.js'

const own: readonly CommandEntry[] = [
  { path: 'cast', load: async () => (await import('./weights/cast-command.js')).castCommand },
  { path: 'inspect', load: async () => (await import('./weights/inspect-command.js')).inspectCommand },
  {
    path: 'new project',
    load: async () => (await import('./plugins/new-project-command.js')).newProjectCommand,
  },
  ...templateKinds().map((kind) => ({
    path: `new ${kind}`,
    load: async () => (await import('./plugins/new-command.js')).newCommand(kind),
  })),
  { path: 'verify', load: async () => (await import('./plugins/verify-command.js')).verifyCommand },
  { path: 'env', load: async () => (await import('./env/env-command.js')).envCommand },
]

/** A package that brings commands: its entry `commands` lists them, and what other words mean there. */
export interface CommandBringer {
  readonly name: string
  /** First words of its commands. */
  readonly words: readonly string[]
  /** How to get it. */
  readonly advice: string
}

/** Packages that bring commands, if they are installed. */
export const commandBringers: readonly CommandBringer[] = [
  {
    name: '@lotion/bench',
    words: [
      'quickstart',
      'train',
      'run',
      'resume',
      'eval',
      'generate',
      'chat',
      'export',
      'runs',
      'show',
      'compare',
      'report',
      'watch',
      'metrics',
    ],
    advice: 'npm install @lotion/bench',
  },
  {
    name: '@lotion/benchmarks',
    words: ['bench'],
    advice: "it is not published; run the command in a clone of LOTION's repository",
  },
]

/**
 * Load the command that the words begin with, in any case; all of them if they name none.
 * @throws UsageError if they name one of a package that is not installed.
 */
export async function commandsFor(words: readonly string[]): Promise<readonly CliCommand[]> {
  const line = `${words.join(' ')} `.toLowerCase()
  const named = (entries: readonly CommandEntry[]): readonly CommandEntry[] =>
    entries.filter(({ path }) => line.startsWith(`${path.toLowerCase()} `))
  const ours = named(own)
  const entries = ours.length > 0 ? ours : [...(await brought(words)), ...own]
  const found = named(entries)
  return Promise.all((found.length > 0 ? found : entries).map(({ load }) => load()))
}

interface Brought {
  readonly commands: readonly CommandEntry[]
  commandsOfWords?(words: readonly string[]): readonly CommandEntry[]
}

/** Packages whose commands are not there. */
export async function absentBringers(): Promise<readonly CommandBringer[]> {
  const found = await Promise.all(
    commandBringers.map(async (bringer) => [bringer, await commandsOf(bringer, [])] as const),
  )
  return found.flatMap(([bringer, commands]) => (commands ? [] : [bringer]))
}

async function brought(words: readonly string[]): Promise<readonly CommandEntry[]> {
  const lists = await Promise.all(
    commandBringers.map(async (bringer) => {
      const word = knownWord(bringer.words, words[0] ?? '')
      const commands = await commandsOf(bringer, word === undefined ? words : [word, ...words.slice(1)])
      if (!commands && word !== undefined)
        throw new UsageError(
          `command: '${word}' comes with ${bringer.name}, which is not installed: ${bringer.advice}`,
        )
      return commands ?? []
    }),
  )
  return lists.flat()
}

/** The commands of a package; nothing if it is not installed. */
async function commandsOf(
  { name }: CommandBringer,
  words: readonly string[],
): Promise<readonly CommandEntry[] | undefined> {
  const module = await optional<Brought>(`${name}/commands`)
  return module && [...module.commands, ...(module.commandsOfWords?.(words) ?? [])]
}

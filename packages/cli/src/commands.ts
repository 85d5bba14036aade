// Every command of the tool, in the order of the help. Comes in: the words of a command line. Goes out: the commands they may mean.
// Source: one file a command; a new one is one line here. A command is loaded when it is called: casting a file needs no engine.

import type { CliCommand, CommandEntry } from './kit/cli-command.js'

const own: readonly CommandEntry[] = [
  { path: 'cast', load: async () => (await import('./weights/cast-command.js')).castCommand },
  { path: 'inspect', load: async () => (await import('./weights/inspect-command.js')).inspectCommand },
  { path: 'new noise', load: async () => (await import('./plugins/new-command.js')).newNoiseCommand },
  { path: 'new format', load: async () => (await import('./plugins/new-command.js')).newFormatCommand },
  { path: 'verify', load: async () => (await import('./plugins/verify-command.js')).verifyCommand },
]

/**
 * Packages that bring commands, if they are installed: each lists them in its entry `commands`, and may say there what else
 * words mean.
 */
const bringers = ['@lotion/bench', '@lotion/benchmarks']

/** Load the command that the words begin with; all of them if they name none. */
export async function commandsFor(words: readonly string[]): Promise<readonly CliCommand[]> {
  const line = `${words.join(' ')} `
  const named = (entries: readonly CommandEntry[]): readonly CommandEntry[] =>
    entries.filter(({ path }) => line.startsWith(`${path} `))
  const ours = named(own)
  const entries = ours.length > 0 ? ours : [...(await brought(words)), ...own]
  const found = named(entries)
  return Promise.all((found.length > 0 ? found : entries).map(({ load }) => load()))
}

interface Brought {
  readonly commands: readonly CommandEntry[]
  commandsOfWords?(words: readonly string[]): readonly CommandEntry[]
}

async function brought(words: readonly string[]): Promise<readonly CommandEntry[]> {
  const lists = await Promise.all(bringers.map((name) => commandsOf(name, words)))
  return lists.flat()
}

/** The commands of a package; none if it is not installed. */
async function commandsOf(name: string, words: readonly string[]): Promise<readonly CommandEntry[]> {
  const entry = `${name}/commands`
  try {
    const module: Brought = await import(entry)
    return [...module.commands, ...(module.commandsOfWords?.(words) ?? [])]
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return []
    throw error
  }
}

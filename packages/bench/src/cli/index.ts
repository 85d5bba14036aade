// Every command of the tool, in the order of the help. Comes in: the words of a command line. Goes out: the commands they may mean.
// Source: one file a command; a new one is one line here. A command is loaded when it is called: casting a file needs no engine.

import type { CliCommand } from './cli-command.js'

/** A command that may still have to be loaded. */
interface Entry {
  /** Words that call it, as in the command itself. */
  readonly path: string
  load(): Promise<CliCommand>
}

const entries: readonly Entry[] = [
  { path: 'quickstart', load: async () => (await import('./quickstart.js')).quickstart },
  {
    path: 'run linear-regression',
    load: async () => (await import('./run-linear-regression.js')).runLinearRegression,
  },
  { path: 'run two-layer', load: async () => (await import('./run-two-layer.js')).runTwoLayer },
  {
    path: 'bench engine',
    load: async () => (await import('../engine/bench-engine-command.js')).engineBenchCommand,
  },
  {
    path: 'bench kernels',
    load: async () => (await import('../kernels/bench-kernels-command.js')).kernelBenchCommand,
  },
  {
    path: 'bench state',
    load: async () => (await import('../state/bench-state-command.js')).stateBenchCommand,
  },
  { path: 'bench step', load: async () => (await import('../step/bench-step-command.js')).stepBenchCommand },
  {
    path: 'bench matmul',
    load: async () => (await import('../matmul/bench-matmul-command.js')).matmulBenchCommand,
  },
  {
    path: 'bench repeats',
    load: async () => (await import('../repeats/bench-repeats-command.js')).repeatsBenchCommand,
  },
  { path: 'cast', load: async () => (await import('../weights/cast-command.js')).castCommand },
  { path: 'inspect', load: async () => (await import('../weights/inspect-command.js')).inspectCommand },
  { path: 'new noise', load: async () => (await import('../plugins/new-command.js')).newNoiseCommand },
  { path: 'new format', load: async () => (await import('../plugins/new-command.js')).newFormatCommand },
  { path: 'verify', load: async () => (await import('../plugins/verify-command.js')).verifyCommand },
]

/** Load the command that the words begin with; all of them if they name none. */
export async function commandsFor(words: readonly string[]): Promise<readonly CliCommand[]> {
  const line = `${words.join(' ')} `
  const named = entries.filter(({ path }) => line.startsWith(`${path} `))
  return Promise.all((named.length > 0 ? named : entries).map(({ load }) => load()))
}

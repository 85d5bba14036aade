// The commands that this package brings to `lotion`, in the order of the help; each task is one.

import type { CommandEntry } from '@lotion/cli'
import { isModulePath } from '@lotion/cli/internal'
import { builtInTasks } from '../tasks/built-in-tasks.js'

/** Commands by their words. */
export const commands: readonly CommandEntry[] = [
  { path: 'quickstart', load: async () => (await import('./quickstart.js')).quickstart },
  { path: 'train', load: async () => (await import('./train.js')).train },
  ...builtInTasks.map(({ name }) => runEntry(name)),
  { path: 'resume', load: async () => (await import('./resume-command.js')).resumeCommand },
  { path: 'eval', load: async () => (await import('./eval-command.js')).evalCommand },
  { path: 'generate', load: async () => (await import('./generate-command.js')).generateCommand },
  { path: 'chat', load: async () => (await import('./chat-command.js')).chatCommand },
  { path: 'export', load: async () => (await import('./export-command.js')).exportCommand },
  { path: 'runs', load: async () => (await import('./runs-command.js')).runsCommand },
  { path: 'show', load: async () => (await import('./show-command.js')).showCommand },
  { path: 'compare', load: async () => (await import('./compare-command.js')).compareCommand },
  { path: 'report', load: async () => (await import('./report-command.js')).reportCommand },
  { path: 'watch', load: async () => (await import('./watch-command.js')).watchCommand },
  { path: 'metrics', load: async () => (await import('./metrics-command.js')).metricsCommand },
]

/**
 * Commands that only their own words bring up: `run` with the path of a module.
 * @param words As typed after `lotion`; two are looked at.
 */
export const commandsOfWords = ([first, word]: readonly string[]): readonly CommandEntry[] =>
  first === 'run' && word !== undefined && isModulePath(word) ? [runEntry(word)] : []

function runEntry(word: string): CommandEntry {
  return {
    path: `run ${word}`,
    load: async () => {
      const { taskByWord } = await import('../tasks/task-kind.js')
      const { runCommand } = await import('./run-command.js')
      return runCommand(await taskByWord(word), { word })
    },
  }
}

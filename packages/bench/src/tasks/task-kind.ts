// Tasks as words choose them: a name, or the path of a module. Comes in: a word. Goes out: a task, the same in every process.
// Source: docs/design/04-bench.md.

import { chosenPlugin, definePluginKind, familiesOfOne, type PluginKind } from '@lotion/cli'
import { builtInTasks } from './built-in-tasks.js'
import type { Task } from './task.js'

/** Tasks. */
export const taskKind: PluginKind<Task> = definePluginKind({
  name: 'task',
  families: familiesOfOne(builtInTasks),
  isOne: isTask,
})

/** Find a task; its own name stays, wherever it comes from. @throws UsageError with what there is. */
export const taskByWord = (word: string): Promise<Task> => chosenPlugin(taskKind, word, undefined)

function isTask(value: unknown): value is Task {
  if (typeof value !== 'object' || value === null) return false
  const parts = { name: 'string', options: 'object', loss: 'object', steps: 'number', workload: 'function' }
  return Object.entries(parts).every(([key, type]) => typeof Reflect.get(value, key) === type)
}

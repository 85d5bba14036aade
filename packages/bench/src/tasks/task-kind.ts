// Tasks as words choose them: a name, or the path of a module. Comes in: a word. Goes out: a task, the same
// in every process.
// Source: docs/design/04-bench.md.

import { chosenPlugin, definePluginKind, type PluginKind } from '@lotion/cli/internal'
import { familyOfOne } from '@lotion/core/internal'
import { builtInTasks } from './built-in-tasks.js'
import { isTask, type Task } from './task.js'

/** Tasks. */
export const taskKind: PluginKind<Task> = definePluginKind({
  name: 'task',
  families: builtInTasks.map((task) => familyOfOne(task)),
  isOne: isTask,
})

/** Find a task; its own name stays, wherever it comes from. @throws UsageError with what there is. */
export const taskByWord = (word: string): Promise<Task> => chosenPlugin(taskKind, word, undefined)

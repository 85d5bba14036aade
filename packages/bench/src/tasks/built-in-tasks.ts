// The tasks that come with the package, in the order of the help. Comes in: nothing. Goes out: a list.
// Source: one file a task; a new one is one line here. Commands, help, workers and their tests read this list.

import { language } from './language.js'
import { linearRegression } from './linear-regression.js'
import type { Task } from './task.js'
import { twoLayer } from './two-layer.js'

/** Built-in tasks. */
export const builtInTasks: readonly Task[] = Object.freeze([language, linearRegression, twoLayer])

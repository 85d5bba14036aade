// The catalogue of tasks. Comes in: the index of those that are built in. Goes out: a list, which commands,
// help, workers and their tests read. Source: docs/design/01-architecture.md (catalogues).

import { catalogueOf } from '@lotion/core/internal'
import * as builtIn from './built-in.js'
import { isTask, type Task } from './task.js'

/** Built-in tasks, by name. */
export const builtInTasks: readonly Task[] = catalogueOf(builtIn, isTask)

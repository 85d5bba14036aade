// All targets of this package. Comes in: their index. Goes out: a list.

import type { ExportTarget } from './export-target.js'
import * as targets from './targets/index.js'

/** The targets of this package, in the order of their names. */
export const builtInTargets: readonly ExportTarget[] = Object.freeze(
  Object.values(targets).sort((a, b) => (a.name < b.name ? -1 : 1)),
)

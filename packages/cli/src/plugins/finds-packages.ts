// What a folder finds without an installation. Comes in: a folder, names of packages. Goes out: whether Node
// finds all of them from there, as in a clone.

import { createRequire } from 'node:module'
import { resolve } from 'node:path'

/** Tell whether a folder finds packages that nobody installed there. */
export function findsPackages(folder: string, names: readonly string[]): boolean {
  const { resolve: find } = createRequire(resolve(folder, 'package.json'))
  try {
    for (const name of names) find(`${name}/package.json`)
    return true
  } catch {
    return false
  }
}

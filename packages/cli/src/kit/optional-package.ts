// Packages that may be there. Comes in: the entry of a package. Goes out: its module, or nothing if the
// package is not installed.
// Source: Node's resolution; nothing of this stands in a manifest, so that nothing of it is installed
// unasked.

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Import an entry such as `tsx/esm/api`: as this package finds it, else as `beside` does, a file's URL or
 * path (default: one in the working folder, since some package managers show a package nothing but its own
 * dependencies). @throws if it is there and fails.
 */
export async function optional<T>(
  entry: string,
  beside: string = join(process.cwd(), 'package.json'),
): Promise<T | undefined> {
  try {
    return (await import(entry)) as T
  } catch (error) {
    if (!isAbsent(entry, error)) throw error
  }
  let found: string
  try {
    found = createRequire(beside).resolve(entry)
  } catch {
    return undefined
  }
  return (await import(pathToFileURL(found).href)) as T
}

/**
 * Tell a package that is not there from one that is there and lacks another: runtimes agree on the code, and
 * that the first name they quote is the one they lack.
 */
export function isAbsent(entry: string, error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') return false
  const name = entry.split('/', entry.startsWith('@') ? 2 : 1).join('/')
  const lacking = /['"]([^'"]+)['"]/.exec(error.message)?.[1]
  return lacking === name || lacking === entry
}

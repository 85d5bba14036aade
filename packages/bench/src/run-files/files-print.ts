// What tells whether files are still what they were. Comes in: paths. Goes out: a short text that changes
// with the size or the time of any of them; the content of gigabytes is not read for it.

import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Print files, or those of folders (not of folders in them): twelve hexadecimal digits of names, sizes and
 * times. What is not there is part of the print too.
 */
export async function filesPrint(paths: readonly string[]): Promise<string> {
  const lines = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path).catch(() => undefined)
      const names = found?.isDirectory() ? (await readdir(path)).sort() : ['']
      return Promise.all(
        names.map(async (name) => {
          const file = await stat(join(path, name)).catch(() => undefined)
          return [path, name, file?.isFile() ? [file.size, file.mtimeMs] : null]
        }),
      )
    }),
  )
  return createHash('sha256').update(JSON.stringify(lines)).digest('hex').slice(0, 12)
}

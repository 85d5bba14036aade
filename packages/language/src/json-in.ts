// A file of JSON in a folder. Comes in: folder, name. Goes out: its value, nothing if there is no such file.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Read it. @throws Error naming the path if it cannot be read, RangeError if it is no JSON. */
export async function jsonIn(folder: string, name: string): Promise<unknown> {
  const path = join(folder, name)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new Error(`cannot read ${path}: ${error.message}`, { cause: error })
  })
  return text === undefined ? undefined : parsed(path, text)
}

/** Parse the text of a file. @throws RangeError naming the path. */
export function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RangeError(
      `${path}: expected JSON, found ${error instanceof Error ? error.message : 'other text'}`,
    )
  }
}

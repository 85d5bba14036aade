// Files that a command may write over: those that it wrote itself. Comes in: a path that was typed. Goes out:
// nothing, or an error before anything is written.
// Source: docs/design/04-bench.md, "A run is a folder": nothing of a person's is written over.

import { open } from 'node:fs/promises'
import { UsageError } from '@lotion/cli'

/** Bytes of a file by which it is known: marks stand at the beginning. */
const HEAD = 2 ** 16

/** What a file must be to be written over. */
export interface Replaceable {
  /** As messages call it: `a report`. */
  readonly what: string
  /** Tell it by the beginning of its text. */
  isOurs(head: string): boolean
}

/**
 * Refuse to write over a file that is none of ours.
 * @param option The one that names the path.
 * @throws UsageError naming option and path.
 */
export async function refuseForeign(
  option: string,
  path: string,
  { what, isOurs }: Replaceable,
): Promise<void> {
  const head = await headOf(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new UsageError(`${option}: cannot write ${path}: ${error.message}`)
  })
  if (head === undefined || isOurs(head)) return
  throw new UsageError(
    `${option}: expected a new file or ${what}, found another file, ${path}; choose another name`,
  )
}

async function headOf(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

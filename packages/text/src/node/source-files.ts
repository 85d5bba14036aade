// Which files a source names. Comes in: a path of a file or a folder, or a pattern. Goes out: files in the
// order of their names.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { glob } from 'tinyglobby'

/** One file with what tells whether it changed. */
export interface SourceFile {
  /** From the working folder, as the source was given. */
  readonly path: string
  /** In bytes. */
  readonly size: number
  /** When it was written last, in milliseconds since 1970. */
  readonly modified: number
}

/** Files that a folder gives. */
const endings = ['.txt', '.md', '.jsonl'] as const

/** Standard input. */
export const STANDARD_INPUT = '-'

/**
 * List the files of a source, in the order of their names.
 * @param source A file, a folder, whose .txt, .md and .jsonl are taken, or a pattern.
 * @throws RangeError naming the source that gives none or cannot be read.
 * @example
 * ```ts
 * import { sourceFiles } from '@lotion/text/node'
 * import { mkdtemp, writeFile } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'lotion-'))
 * await writeFile(join(folder, 'notes.txt'), 'fellow citizens')
 * console.log((await sourceFiles(folder)).length) // 1
 * ```
 */
export async function sourceFiles(source: string): Promise<readonly SourceFile[]> {
  const found = await stat(source).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code)))
      return undefined
    throw unreadable(source, error)
  })
  if (found?.isDirectory()) {
    const files = await readdir(source, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
      throw unreadable(source, error)
    })
    const paths = files
      .filter((file) => file.isFile() && endings.some((ending) => file.name.endsWith(ending)))
      .map((file) => join(file.parentPath, file.name))
    if (paths.length === 0)
      throw new RangeError(
        `${source}: expected a folder with files ${endings.join(', ')}, found none of them; name a file, or a pattern`,
      )
    return Promise.all(paths.toSorted(byCode).map(described))
  }
  if (found) return [await described(source)]
  if (!/[*?{[]/.test(source))
    throw new RangeError(`${source}: expected a file or a folder, found nothing there`)
  const paths = await glob(source, { dot: false, onlyFiles: true, expandDirectories: false })
  if (paths.length === 0) throw new RangeError(`${source}: expected a pattern that matches files, found none`)
  return Promise.all(paths.toSorted(byCode).map(described))
}

/** By code units: the same order on every machine. */
const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function described(path: string): Promise<SourceFile> {
  const { size, mtimeMs } = await stat(path)
  return { path, size, modified: mtimeMs }
}

/** Say that a file cannot be read, and why. */
export function unreadable(path: string, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error)
  return new RangeError(`${path}: expected a file that can be read: ${why}`, { cause: error })
}

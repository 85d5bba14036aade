// Which files a source names. Comes in: a path of a file or a folder, or a pattern. Goes out: files in the
// order of their names.

import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
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

/** A folder with it is a run, whose records and texts are not what one trains on. */
const RUN_FILE = 'run.json'

/** Standard input. */
export const STANDARD_INPUT = '-'

/**
 * List the files of a source, in the order of their names.
 * @param source A file, a folder, whose .txt, .md and .jsonl are taken, or a pattern. Neither takes what is
 * hidden (names that begin with a dot), nor what lies in a run (a folder with a run.json): text beside one's
 * runs stays the same while they grow.
 * @throws RangeError naming the source that gives none or cannot be read.
 * @example
 * ```ts
 * import { sourceFiles } from '@lotion/text/node'
 * import { mkdtemp, writeFile } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { dirname, join } from 'node:path'
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
    const paths = await textsIn(source)
    if (paths.length === 0)
      throw new RangeError(
        `${source}: expected a folder with files ${endings.join(', ')}, found none of them outside of runs and hidden folders; name a file, or a pattern`,
      )
    return Promise.all(paths.toSorted(byCode).map(described))
  }
  if (found) return [await described(source)]
  if (!/[*?{[]/.test(source))
    throw new RangeError(`${source}: expected a file or a folder, found nothing there`)
  const all = await glob(source, { dot: false, onlyFiles: true, expandDirectories: false })
  const runs = new Map<string, Promise<boolean>>()
  const inRun = await Promise.all(all.map((path) => liesInRun(dirname(path), runs)))
  const paths = all.filter((_, i) => inRun[i] === false)
  if (paths.length === 0)
    throw new RangeError(`${source}: expected a pattern that matches files outside of runs, found none`)
  return Promise.all(paths.toSorted(byCode).map(described))
}

/** The text files of a folder and of those in it. */
async function textsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(folder, error)
  })
  if (entries.some(({ name }) => name === RUN_FILE)) return []
  const found = await Promise.all(
    entries.map(async (entry): Promise<readonly string[]> => {
      const path = join(folder, entry.name)
      if (entry.name.startsWith('.')) return []
      if (entry.isDirectory()) return textsIn(path)
      return entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)) ? [path] : []
    }),
  )
  return found.flat()
}

/** Whether a folder is a run or lies in one, up to the working folder; what is known is asked once. */
function liesInRun(folder: string, known: Map<string, Promise<boolean>>): Promise<boolean> {
  const above = dirname(folder)
  const answer =
    known.get(folder) ??
    stat(join(folder, RUN_FILE)).then(
      () => true,
      () => above !== folder && above !== '.' && liesInRun(above, known),
    )
  known.set(folder, answer)
  return answer
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

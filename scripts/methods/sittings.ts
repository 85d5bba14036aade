// Which code made a cell. Comes in: the repository, the folder of what is under way, a book. Goes out: the
// number of a sitting in the book, a new one as soon as the code is another.
// Source: docs/design/21-methods-table.md. A training may begin with one commit and end with another: the
// folder notes all that worked in it.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { versions } from '@lotion/bench'
import { commitOf } from '@lotion/bench/internal'
import { writeAtomic } from '@lotion/checkpoints'
import { z } from 'zod'
import type { CellBook } from './cells.js'

/** Where code, work and cells are. */
export interface Sitter {
  readonly repository: string
  /** Of what is under way, held by this process. */
  readonly folder: string
  readonly book: Pick<CellBook, 'sit'>
  /** Files that are written by the making itself: their change is none of the code. */
  readonly made: readonly string[]
}

/** The file in the folder that names the commits. */
const COMMITS = 'commits.json'

/** Begin a sitting. @returns the number of that which a cell is of that ends now. */
export async function sittingsOf({ repository, folder, book, made }: Sitter): Promise<() => Promise<number>> {
  const code = async (): Promise<string> => {
    const commit = await commitOf(repository, made)
    return commit === undefined
      ? 'unknown'
      : `${commit.id.slice(0, 10)}${commit.changed ? ' with changes' : ''}`
  }
  const path = join(folder, COMMITS)
  let known = await commitsIn(folder)
  let current = await code()
  const note = async (): Promise<void> => {
    if (known.includes(current)) return
    known = [...known, current]
    await writeAtomic(path, `${JSON.stringify(known)}\n`)
  }
  await note()
  let sitting: number | undefined
  return async () => {
    const now = await code()
    if (now !== current) {
      current = now
      sitting = undefined
      await note()
    }
    if (sitting !== undefined) return sitting
    const begun = known.filter((commit) => commit !== current)
    return (sitting = book.sit({
      at: new Date().toISOString(),
      commit: current,
      ...(begun.length === 0 ? {} : { begun }),
      versions: { ...versions() },
    }))
  }
}

/** The commits that worked in a folder. */
async function commitsIn(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, COMMITS), 'utf8').catch(() => undefined)
  if (text !== undefined) return z.array(z.string()).parse(JSON.parse(text))
  // Work that nobody noted; a lock is none.
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.some((entry) => entry.isDirectory()) ? ['unknown'] : []
}

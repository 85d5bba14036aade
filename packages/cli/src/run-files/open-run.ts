// The folder of a run. Comes in: records and files. Goes out: `metrics.jsonl` and the files, each there whole
// or not at all.
// Source: docs/design/04-bench.md; writeAtomic of @lotion/checkpoints.

import { mkdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { writeAtomic, type Content } from '@lotion/checkpoints'
import { temporaryBeside } from '@lotion/checkpoints/internal'
import { refuseFullDisk } from './free-space.js'

/** Enough to notice a full disk, too little to fill one. */
const PROBE_BYTES = 2 ** 16

/** The files of one run. */
export interface RunFiles {
  readonly folder: string
  /** Where a file of the run lies. */
  path(name: string): string
  /** Add a record to `metrics.jsonl`: the file is rewritten whole, so that it never ends in half a line. */
  record(record: object): Promise<void>
  /** Write a file into the folder, over one of that name. @returns its path. */
  write(name: string, content: Content): Promise<string>
}

/**
 * Make the folder of a run and make sure that files can be written there. What an earlier run left stays
 * until the first record: that replaces `metrics.jsonl` and removes the files named in `outcomes`, so that
 * after an interruption nothing in the folder belongs to another run than the metrics do. `bytes` is what the
 * run will write in all.
 * @throws Error saying what to do if the folder cannot be made or written to, or the disk is full or has less
 * free than `bytes`.
 */
export async function openRun(
  folder: string,
  { outcomes = [], bytes = 0 }: { readonly outcomes?: readonly string[]; readonly bytes?: number } = {},
): Promise<RunFiles> {
  await makeFolder(resolve(folder)).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`cannot make the folder ${folder}: ${reasonOf(error)}`, { cause: error })
  })
  // A name that tells its owner: a probe that a killed process left goes with the next write, which is this
  // one.
  const probe = temporaryBeside(join(folder, 'probe'))
  await writeAtomic(probe, new Uint8Array(PROBE_BYTES))
  await rm(probe)
  await refuseFullDisk(folder, bytes, outcomes)

  const lines: string[] = []
  let cleared = false
  let last: Promise<void> = Promise.resolve()
  const path = (name: string): string => {
    if (name === '' || name !== basename(name)) {
      throw new RangeError(`name: expected the name of a file in the run's folder, found '${name}'`)
    }
    return join(folder, name)
  }
  const clear = async (): Promise<void> => {
    if (cleared) return
    await Promise.all(outcomes.map((name) => rm(path(name), { force: true })))
    cleared = true
  }
  return Object.freeze({
    folder,
    path,
    record: (record: object) => {
      lines.push(`${JSON.stringify(record)}\n`)
      const text = lines.join('')
      // One after the other, so that an older state never replaces a newer one; a failure is told to its own
      // caller alone.
      const write = last
        .catch(() => undefined)
        .then(clear)
        .then(() => writeAtomic(path('metrics.jsonl'), text))
      last = write
      return write
    },
    write: async (name: string, content: Content) => {
      await writeAtomic(path(name), content)
      return path(name)
    },
  } satisfies RunFiles)
}

/**
 * Make a folder and those above it. Node's own `recursive` never ends where the system answers ENOENT for
 * good, as in /proc.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await makeOne(folder)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error
    await makeFolder(dirname(folder))
    await makeOne(folder)
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  const known: Readonly<Record<string, string>> = {
    EACCES: 'the folder above is not writable: change its permissions or choose another place',
    EPERM: 'the folder above is not writable: change its permissions or choose another place',
    EROFS: 'the file system is read-only: choose another place',
    EEXIST: 'there is a file of that name: choose another name',
    ENOENT: 'the system takes no folders there: choose another place',
    ENOTDIR: 'a part of the path is a file, not a folder: choose another path',
    ENOSPC: 'the disk is full: free some space or choose another place',
  }
  return code !== undefined && known[code] !== undefined ? `${known[code]} (${code})` : message
}

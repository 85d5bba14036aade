// The folder of a run. Comes in: records and files. Goes out: `metrics.jsonl`, which only grows, and the
// files, each there whole or not at all. One process at a time has it; what is no run, or another run, is
// left alone.
// Source: docs/design/04-bench.md, "A run is a folder"; writeAtomic of @lotion/checkpoints.

import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { writeAtomic, type Content } from '@lotion/checkpoints'
import { temporaryBeside } from '@lotion/checkpoints/internal'
import { refuseFullDisk } from './free-space.js'
import { openMetrics } from './metrics-file.js'
import { LOCK, lockRun } from './run-lock.js'

/** Enough to notice a full disk, too little to fill one. */
const PROBE_BYTES = 2 ** 16

/** What makes a folder a run: written first, by `openRun`. */
export const RUN_FILE = 'run.json'

/** The files of one run. */
export interface RunFiles {
  readonly folder: string
  /** Where a file of the run lies. */
  path(name: string): string
  /** Add a record to `metrics.jsonl`; on a continued run pass by it where it stands there. */
  record(record: object): Promise<void>
  /** Write a file into the folder, over one of that name. @returns its path. */
  write(name: string, content: Content): Promise<string>
  /** The run is over: cut off records that were not told again, and let others have the folder. */
  finish(): Promise<void>
  /** Let others have the folder, whatever was reached. */
  close(): Promise<void>
}

/** How a run's folder is opened. */
export interface OpenRunOptions {
  /** What the run will write in all. Default 0. */
  readonly bytes?: number
  /** Text of `run.json`, by which the folder is a run from the start; absent to continue one. */
  readonly begin?: string
}

/**
 * Make the folder of a new run, or take that of one that is continued, for this process alone.
 * @throws Error saying what to do if the folder cannot be made or written to, holds anything (a new run),
 * is no run (a continued one), belongs to another process, or the disk is full or has less free than
 * `bytes`.
 */
export async function openRun(folder: string, { bytes = 0, begin }: OpenRunOptions): Promise<RunFiles> {
  const isNew = begin !== undefined
  const made = isNew && (await stat(folder).catch(() => undefined)) === undefined
  if (isNew) await makeFolder(resolve(folder)).catch(explained(folder))
  // Before anything is written there; and again once no other process can begin.
  const check = isNew ? refuseOccupied : refuseNoRun
  await check(folder)
  const lock = await lockRun(folder, hostname())
  try {
    await check(folder)
    // A name that tells its owner: a probe that a killed process left goes with the next write, which is this
    // one.
    const probe = temporaryBeside(join(folder, 'probe'))
    await writeAtomic(probe, new Uint8Array(PROBE_BYTES))
    await rm(probe)
    await refuseFullDisk(folder, bytes)
    if (isNew) await writeAtomic(join(folder, RUN_FILE), begin)
  } catch (error) {
    await lock.release()
    if (made) await rmdir(folder).catch(() => undefined)
    throw error
  }
  const path = (name: string): string => {
    if (name === '' || name !== basename(name)) {
      throw new RangeError(`name: expected the name of a file in the run's folder, found '${name}'`)
    }
    return join(folder, name)
  }
  const metrics = await openMetrics(path('metrics.jsonl'))
  let open = true
  const end = async (closed: Promise<void>): Promise<void> => {
    open = false
    await closed
    await lock.release()
  }
  return Object.freeze({
    folder,
    path,
    record: (record: object) => metrics.record(record),
    write: async (name: string, content: Content) => {
      await writeAtomic(path(name), content)
      return path(name)
    },
    finish: () => end(metrics.finish()),
    close: async () => (open ? end(metrics.close()) : undefined),
  } satisfies RunFiles)
}

/** Refuse a folder that a new run could not have, making nothing. @throws Error as `openRun`. */
export async function refuseTaken(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found && !found.isDirectory())
    throw new Error(`${folder}: expected a new folder for a new run, found a file: choose another name`)
  if (found) await refuseOccupied(folder)
}

/**
 * Make a folder that was not there: the path itself, or with the first free number behind it, `runs/mine-2`.
 * @returns its path.
 */
export async function freshFolder(base: string): Promise<string> {
  const explain = explained(base)
  await makeFolder(dirname(resolve(base))).catch(explain)
  for (let n = 1; ; n++) {
    const folder = n === 1 ? base : `${base}-${n}`
    try {
      await mkdir(folder)
      return folder
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') explain(error as NodeJS.ErrnoException)
    }
  }
}

async function refuseOccupied(folder: string): Promise<void> {
  // What a dead process left of its lock goes when the lock is taken.
  const found = (await readdir(folder)).filter((name) => name !== LOCK && !/^\..*\.tmp$/s.test(name))
  if (found.length === 0) return
  if (found.includes(RUN_FILE))
    throw new Error(
      `${folder}: expected a new folder for a new run, found a run: choose another name; lotion resume continues that one`,
    )
  throw new Error(
    `${folder}: expected a new or an empty folder for a run, found ${shownNames(found)}: choose another name`,
  )
}

async function refuseNoRun(folder: string): Promise<void> {
  if (await stat(join(folder, RUN_FILE)).catch(() => undefined)) return
  throw new Error(`${folder}: expected the folder of a run, found no ${RUN_FILE} in it`)
}

const shownNames = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''} in it`

const explained =
  (folder: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new Error(`cannot make the folder ${folder}: ${reasonOf(error)}`, { cause: error })
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

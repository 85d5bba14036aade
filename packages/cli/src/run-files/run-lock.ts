// One process a run, or a file that grows. Comes in: a run's folder, or the file. Goes out: a lock that names
// its owner, or an error that names another.
// Source: link(2) makes a name or fails, whole, also on shared file systems; the owner's form is that of
// temporary files.

import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ownerHere, stateOf, temporaryBeside, type ProcessOwner } from '@lotion/checkpoints/internal'
import { z } from 'zod'

/** The file of the lock, in the run's folder. */
export const LOCK = 'owner.json'

const ownerSchema = z.object({ machine: z.string(), pid: z.int(), start: z.int(), host: z.string() })

/** Whoever holds a run: a process, and the name of its machine for people. */
export type RunOwner = z.infer<typeof ownerSchema> & ProcessOwner

/** A run that this process holds. */
export interface RunLock {
  /** Give it back. */
  release(): Promise<void>
}

/** Attempts at a lock that others take and leave at the same moment. */
const ATTEMPTS = 20

/**
 * Take the run of a folder for this process. The lock of a process that is gone is taken over; one of
 * another machine, of which nothing can be known, is not.
 * @throws Error naming the owner, and what to do.
 */
export const lockRun = (folder: string, hostname: string): Promise<RunLock> =>
  take(join(folder, LOCK), { path: folder, kind: 'run' }, hostname)

/** Take a file that others would write over, by a file `*.lock` beside it. @throws as `lockRun`. */
export const lockFile = (path: string, hostname: string): Promise<RunLock> =>
  take(`${path}.lock`, { path, kind: 'file' }, hostname)

/** What is taken, for people. */
interface Taken {
  readonly path: string
  readonly kind: 'run' | 'file'
}

async function take(lock: string, taken: Taken, hostname: string): Promise<RunLock> {
  const mine = `${JSON.stringify({ ...ownerHere(), host: hostname } satisfies RunOwner)}\n`
  const own = temporaryBeside(lock)
  await writeFile(own, mine, { flag: 'wx' })
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await linked(own, lock)) return { release: () => release(lock, mine) }
      const text = await readFile(lock, 'utf8').catch(() => undefined)
      if (text === undefined) continue
      refuseOwned(lock, taken, text)
      await removeAs(lock, text)
    }
  } finally {
    await rm(own, { force: true })
  }
  const { path, kind } = taken
  throw new Error(`${path}: expected a ${kind} that nobody else takes, found others at it; try again`)
}

/** Tell who holds a run; nobody, if its process is gone. */
export async function ownerOf(folder: string): Promise<RunOwner | undefined> {
  const text = await readFile(join(folder, LOCK), 'utf8').catch(() => undefined)
  const owner = text === undefined ? undefined : parsed(text)
  return owner && stateOf(owner) !== 'gone' ? owner : undefined
}

function refuseOwned(lock: string, { path, kind }: Taken, text: string): void {
  const owner = parsed(text)
  if (!owner) return
  const state = stateOf(owner)
  if (state === 'lives')
    throw new Error(
      `${path}: expected a ${kind} that no other process works on, found process ${owner.pid} at it: wait for it, or stop it`,
    )
  if (state === 'elsewhere')
    throw new Error(
      `${path}: expected a ${kind} that no other process works on, found process ${owner.pid} of ${owner.host}, of which nothing can be known here; ` +
        `if it is gone, remove ${lock}`,
    )
}

/** An owner as it was written; nothing for what is none, such as an empty file after a power cut. */
function parsed(text: string): RunOwner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Remove a lock if it still says what was read: another process may have taken it over in between. */
async function removeAs(lock: string, text: string): Promise<void> {
  const aside = temporaryBeside(lock)
  try {
    await rename(lock, aside)
  } catch {
    return
  }
  // Not the one that was read: a living process's, which gets it back.
  if ((await readFile(aside, 'utf8')) !== text) await linked(aside, lock)
  await rm(aside, { force: true })
}

async function release(lock: string, mine: string): Promise<void> {
  if ((await readFile(lock, 'utf8').catch(() => '')) === mine) await rm(lock, { force: true })
}

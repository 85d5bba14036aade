// Names of temporary files and folders that tell their owner. Comes in: a path. Goes out: a name beside it
// that says which process of which machine writes there; and what dead processes left, removed.

import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ownerHere, stateOf } from './process-owner.js'

/** A file name has at most 255 bytes on every file system in use; the owner's part takes up to 75 of them. */
const LONGEST_NAME = 180

/**
 * Processes of another machine, or of this one before it was started anew, cannot be asked after:
 * milliseconds without a write.
 */
const FOREIGN_PATIENCE = 24 * 3600 * 1000

const pattern = /^\..*\.lotion-([0-9a-f]{12})-(\d+)-(\d+)-[0-9a-f]{12}\.tmp$/s

/**
 * Name a temporary file or folder beside a path: `.NAME.lotion-MACHINE-PID-START-RANDOM.tmp`. Two names are
 * never the same; `removeAbandoned` tells from a name whether its owner still runs.
 */
export function temporaryBeside(path: string): string {
  let name = basename(path)
  while (Buffer.byteLength(name) > LONGEST_NAME) name = name.slice(0, -1)
  const { machine, pid, start } = ownerHere()
  const owner = [machine, pid, start, randomBytes(6).toString('hex')].join('-')
  return join(dirname(path), `.${name}.lotion-${owner}.tmp`)
}

/**
 * Remove the temporary files and folders in a folder whose process is gone: of this machine, because no
 * process of that number and start time is there; of another (a shared file system), because nothing was
 * written there for a day. What belongs to a living process stays, and so does every other file. Never
 * throws: what cannot be removed is left.
 */
export async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => [])
  await Promise.all(
    names.map(async (name) => {
      const owner = pattern.exec(name)
      if (owner === null) return
      const path = join(folder, name)
      const [, machine = '', pid, start] = owner
      const state = stateOf({ machine, pid: Number(pid), start: Number(start) })
      const abandoned = state === 'elsewhere' ? await isOld(path) : state === 'gone'
      if (abandoned) await rm(path, { recursive: true, force: true }).catch(() => undefined)
    }),
  )
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs > FOREIGN_PATIENCE
}

// Names of temporary files and folders that tell their owner. Comes in: a path. Goes out: a name beside it
// that says which process of which machine writes there; and what dead processes left, removed.
// Source: proc(5): a process is its number and its start time, since numbers are used again.

import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'

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
  const owner = [machine(), process.pid, startOf(process.pid) ?? 0, randomBytes(6).toString('hex')].join('-')
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
      const [, where, pid, start] = owner
      const abandoned = where === machine() ? !lives(Number(pid), Number(start)) : await isOld(path)
      if (abandoned) await rm(path, { recursive: true, force: true }).catch(() => undefined)
    }),
  )
}

let known: string | undefined

/**
 * Twelve hex digits for the set of processes that this one can see: the machine's name, its start (names and
 * numbers of copied machines are alike, that is not), and the namespace of processes (containers).
 */
function machine(): string {
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))
  const namespace = read(() => readlinkSync('/proc/self/ns/pid'))
  known ??= createHash('sha256').update(`${hostname()}\0${boot}\0${namespace}`).digest('hex').slice(0, 12)
  return known
}

function lives(pid: number, start: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Not ours to signal, but there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' && sameStart(pid, start)
  }
  return sameStart(pid, start)
}

/** Where start times cannot be read, a process with this number is taken for the owner. */
function sameStart(pid: number, start: number): boolean {
  const found = startOf(pid)
  return found === undefined || start === 0 || found === start
}

/**
 * Field 22 of /proc/PID/stat, in clock ticks since the machine started; 0 for a process that has ended and
 * waits for its parent to ask how (state Z). The name in field 2 may hold blanks and parentheses.
 */
function startOf(pid: number): number | undefined {
  const text = read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const value = fields[0] === 'Z' ? 0 : Number(fields[19])
  return Number.isSafeInteger(value) ? value : undefined
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs > FOREIGN_PATIENCE
}

function read(what: () => string): string {
  try {
    return what()
  } catch {
    return ''
  }
}

// Which process owns a thing, so that others can tell whether it still runs. Comes in: nothing, or an owner
// as it was written down. Goes out: an owner, or whether it lives.
// Source: proc(5): a process is its number and its start time, since numbers are used again.

import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** A process, as it can be written down. */
export interface ProcessOwner {
  /** Twelve hex digits: the machine since its start, and the namespace of processes. */
  readonly machine: string
  readonly pid: number
  /** In clock ticks since the machine started; 0 where that cannot be read. */
  readonly start: number
}

/** This process. */
export function ownerHere(): ProcessOwner {
  return { machine: machine(), pid: process.pid, start: startOf(process.pid) ?? 0 }
}

/** Tell whether a process still runs; of another machine's, or from before a restart, nothing is known. */
export function stateOf(owner: ProcessOwner): 'lives' | 'gone' | 'elsewhere' {
  if (owner.machine !== machine()) return 'elsewhere'
  return lives(owner) ? 'lives' : 'gone'
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

function lives({ pid, start }: ProcessOwner): boolean {
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

function read(what: () => string): string {
  try {
    return what()
  } catch {
    return ''
  }
}

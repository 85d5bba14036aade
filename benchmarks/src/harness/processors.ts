// Which processors threads run on. Comes in: threads of this process. Goes out: threads bound to one
// processor each.
// Source: taskset of util-linux. Unbound, a scheduler may keep two threads on one core for a whole
// measurement.

import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

/** The processors this process may use, in order; empty where threads cannot be bound. */
export function usableProcessors(): readonly number[] {
  if (process.platform !== 'linux') return []
  try {
    const text = execFileSync('taskset', ['-cp', `${process.pid}`], { encoding: 'utf8', stdio: 'pipe' })
    return processorList(text.slice(text.lastIndexOf(':') + 1))
  } catch {
    return []
  }
}

/** Read a list as Linux writes it: `0-2,5`. */
function processorList(text: string): readonly number[] {
  return text.split(',').flatMap((range) => {
    const [first, last = first] = range.trim().split('-').map(Number)
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i)
  })
}

/** Bind a thread to processors; returns them as text. @throws if the thread is not there or not ours. */
export function bindThread(thread: number, ...processors: readonly number[]): string {
  const list = processors.join(',')
  execFileSync('taskset', ['-cp', list, `${thread}`], { stdio: 'pipe' })
  return list
}

/** Bind the main thread and some that it started to one processor each; returns what is bound, in words. */
export function bindThreads(started: readonly number[], processors: readonly number[]): string {
  const bound = [process.pid, ...started].map((thread, i) =>
    bindThread(thread, processors[i % processors.length]!),
  )
  return `threads on ${bound.join(', ')}`
}

/** Threads of this process that an action starts; none where the system does not tell. */
export function threadsStartedBy(action: () => void): readonly number[] {
  const before = new Set(threads())
  action()
  return threads().filter((thread) => !before.has(thread))
}

function threads(): readonly number[] {
  if (process.platform !== 'linux') return []
  try {
    return readdirSync('/proc/self/task').map(Number)
  } catch {
    return []
  }
}

// The words through which the caller and its threads agree on work: all in shared memory, changed by Atomics
// alone. Comes in: nothing. Goes out: positions, and the source of a thread. Source: docs/design/07-cpu.md.

/** Words of the control area, as positions in an Int32Array. */
export const signalWord = Object.freeze({
  /** Number of the dispatch: threads sleep on it. */
  epoch: 0,
  /**
   * Low 12 bits: jobs not yet taken. High 20 bits: the dispatch they belong to, so that a late thread takes
   * no later job.
   */
  next: 1,
  /** Jobs that threads have done in this dispatch. */
  done: 2,
  /** 1 while the caller sleeps on `done`. */
  waiting: 3,
  /** Threads that sleep. */
  sleeping: 4,
  /** Threads that have started. */
  ready: 5,
  /** Jobs that failed. */
  failed: 6,
  /** Memories that have been sent to every thread. */
  memories: 7,
})

/** Bits of `next` that count jobs. */
export const JOB_BITS = 12

/** Jobs of a dispatch, at most. */
export const MOST_JOBS = 2 ** JOB_BITS - 1

/** Words before the list of jobs. */
export const JOBS_AT = 16

/** Words of a job: memory, the module's address and length, record, first unit, end of units, scratch. */
export const JOB_WORDS = 7

/**
 * A thread's program. It is text, so that it runs whether this package is run from source, built or bundled.
 * Its first message says where the signals are; each later one is a memory. While it serves it takes no
 * messages, so it leaves for its event loop when memories have been sent that it has not: those are on their
 * way, and each lets it serve again. A thread compiles a module when it first meets one of its jobs, from the
 * module's bytes in the memory of the signals.
 */
export const THREAD_SOURCE = `'use strict'
let control, words, memories, scratch, spin
const modules = new Map()
const kernels = []
const moduleAt = (address, length) => {
  const known = modules.get(address)
  if (known) return known
  // Growing by nothing shows this thread all that the memory has grown by.
  control.grow(0)
  const module = new WebAssembly.Module(new Uint8Array(control.buffer, address, length).slice())
  modules.set(address, module)
  return module
}
const kernelAt = (place, address, length) => {
  const known = (kernels[place] ??= new Map())
  const kernel = known.get(address)
  if (kernel) return kernel
  const memory = memories[place]
  memory.grow(0)
  const { run } = new WebAssembly.Instance(moduleAt(address, length), { env: { memory } }).exports
  known.set(address, run)
  return run
}
const take = (epoch) => {
  for (;;) {
    const next = Atomics.load(words, ${signalWord.next})
    const left = next & ${MOST_JOBS}
    if (left === 0 || next >>> ${JOB_BITS} !== (epoch & ${2 ** (32 - JOB_BITS) - 1})) return -1
    if (Atomics.compareExchange(words, ${signalWord.next}, next, next - 1) === next) return left - 1
  }
}
const work = (epoch) => {
  for (let job = take(epoch); job >= 0; job = take(epoch)) {
    const at = ${JOBS_AT} + ${JOB_WORDS} * job
    try {
      const [place, address, length, record, first, end, base] = words.subarray(at, at + ${JOB_WORDS})
      kernelAt(place, address >>> 0, length)(record, first, end, base + scratch)
    } catch {
      Atomics.add(words, ${signalWord.failed}, 1)
    }
    Atomics.add(words, ${signalWord.done}, 1)
    if (Atomics.load(words, ${signalWord.waiting}) === 1) Atomics.notify(words, ${signalWord.done})
  }
}
let seen = 0
const serve = () => {
  let since = performance.now()
  for (;;) {
    const epoch = Atomics.load(words, ${signalWord.epoch})
    if (epoch !== seen) {
      // Sent before the dispatch whose number was read.
      if (memories.length < Atomics.load(words, ${signalWord.memories})) return
      seen = epoch
      work(epoch)
      since = performance.now()
    } else if (performance.now() - since > spin) {
      Atomics.add(words, ${signalWord.sleeping}, 1)
      Atomics.wait(words, ${signalWord.epoch}, seen)
      Atomics.sub(words, ${signalWord.sleeping}, 1)
      since = performance.now()
    }
  }
}
const receive = (message) => {
  if (words) memories.push(message)
  else {
    ;({ control, memories, scratch, spin } = message)
    words = new Int32Array(control.buffer, message.signals, ${JOBS_AT + JOB_WORDS * MOST_JOBS})
    Atomics.add(words, ${signalWord.ready}, 1)
  }
  serve()
}
`

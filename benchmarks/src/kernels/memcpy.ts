// Competitor: a copy of the same bytes. Comes in: a number of weights. Goes out: a task that copies half as
// many bytes as an optimizer step moves: each is read once and written once. Source: the C library's memmove,
// behind TypedArray.set.

import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { millisecondsOf, type Competitor } from '../harness/competitor.js'
import { bindThreads, threadsStartedBy } from '../harness/processors.js'
import { BYTES_PER_WEIGHT } from './kernel-case.js'
import type { KernelDefinition, KernelOutcome } from './kernel-competitor.js'

// Larger than any cache, copied again and again where there are more weights.
const LARGEST = 2 ** 27

/** A copy on a number of threads, each between arrays of its own. */
export const memcpy = (threads: number): KernelDefinition => ({
  name: 'memcpy',
  bytesPerWeight: BYTES_PER_WEIGHT / 4,
  open: ({ weights }) => copying(weights, threads),
})

/** What a copying thread does; it is text, so that it needs no file. Words: turn, done. */
const WORKER_SOURCE = `
const { workerData: { words, bytes, repeats } } = require('node:worker_threads')
const from = new Uint8Array(bytes).fill(1), to = new Uint8Array(bytes).fill(2)
Atomics.add(words, 1, 1)
for (let turn = 0; ; turn++) {
  Atomics.wait(words, 0, turn)
  if (Atomics.load(words, 0) < 0) break
  for (let i = 0; i < repeats; i++) to.set(from)
  Atomics.add(words, 1, 1)
}`

async function copying(weights: number, threads: number): Promise<Competitor<KernelOutcome>> {
  const each = (BYTES_PER_WEIGHT / 2) * (weights / threads)
  const repeats = Math.ceil(each / LARGEST)
  const bytes = Math.round(each / repeats)
  const words = new Int32Array(new SharedArrayBuffer(8))
  const [from, to] = [new Uint8Array(bytes).fill(1), new Uint8Array(bytes).fill(2)]
  const workers: Worker[] = []
  const started = threadsStartedBy(() => {
    for (let i = 1; i < threads; i++) {
      const worker = new Worker(WORKER_SOURCE, { eval: true, workerData: { words, bytes, repeats } })
      worker.unref()
      workers.push(worker)
    }
  })
  while (Atomics.load(words, 1) < threads - 1) await pause(1)
  const copy = (): void => {
    Atomics.store(words, 1, 0)
    Atomics.add(words, 0, 1)
    Atomics.notify(words, 0)
    for (let i = 0; i < repeats; i++) to.set(from)
    while (Atomics.load(words, 1) < threads - 1);
  }
  return {
    tasks: [{ task: 'copy', threads, run: () => millisecondsOf(copy) }],
    bind: async (processors) => bindThreads(started, processors.slice(0, threads)),
    close: async () => {
      Atomics.store(words, 0, -1)
      Atomics.notify(words, 0)
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

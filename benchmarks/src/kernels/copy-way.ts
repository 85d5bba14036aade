// Way: a copy of the same bytes. Comes in: a number of weights. Goes out: a step that copies half as many bytes as an optimizer
// step moves: each is read once and written once. Source: the C library's memmove, behind TypedArray.set.

import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { bytesPerWeight } from './kernel-case.js'
import type { KernelWay, KernelWorkload, WayDefinition } from './kernel-way.js'
import { bindThread, threadsStartedBy } from './processors.js'

// Larger than any cache, copied again and again where there are more weights.
const largest = 2 ** 27

/** A copy on as many threads as the workload has, each between arrays of its own. */
export const copyWay = (threads?: number): WayDefinition =>
  Object.freeze({
    name: 'memcpy',
    bytesPerWeight: bytesPerWeight / 4,
    open: async (workload: KernelWorkload) => copying(workload.weights, threads ?? workload.threads),
  })

/** What a copying thread does; it is text, so that it needs no file. Words: turn, done. */
const source = `
const { workerData: { words, bytes, repeats } } = require('node:worker_threads')
const from = new Uint8Array(bytes).fill(1), to = new Uint8Array(bytes).fill(2)
Atomics.add(words, 1, 1)
for (let turn = 0; ; turn++) {
  Atomics.wait(words, 0, turn)
  if (Atomics.load(words, 0) < 0) break
  for (let i = 0; i < repeats; i++) to.set(from)
  Atomics.add(words, 1, 1)
}`

async function copying(weights: number, threads: number): Promise<KernelWay> {
  const each = (bytesPerWeight / 2) * (weights / threads)
  const repeats = Math.ceil(each / largest)
  const bytes = Math.round(each / repeats)
  const words = new Int32Array(new SharedArrayBuffer(8))
  const [from, to] = [new Uint8Array(bytes).fill(1), new Uint8Array(bytes).fill(2)]
  const workers: Worker[] = []
  const started = threadsStartedBy(() => {
    for (let i = 1; i < threads; i++) {
      const worker = new Worker(source, { eval: true, workerData: { words, bytes, repeats } })
      worker.unref()
      workers.push(worker)
    }
  })
  while (Atomics.load(words, 1) < threads - 1) await pause(1)
  return {
    name: 'memcpy',
    version: '',
    threads,
    exact: false,
    steps: [
      {
        step: 'copy',
        variant: '',
        slow: false,
        first: async () => null,
        run: async () => {
          Atomics.store(words, 1, 0)
          const start = performance.now()
          Atomics.add(words, 0, 1)
          Atomics.notify(words, 0)
          for (let i = 0; i < repeats; i++) to.set(from)
          while (Atomics.load(words, 1) < threads - 1);
          return performance.now() - start
        },
      },
    ],
    pin: async (processors) => {
      const bound = [process.pid, ...started].map((thread, i) =>
        bindThread(thread, processors[i % processors.length]!),
      )
      return `threads on ${bound.join(', ')}`
    },
    close: async () => {
      Atomics.store(words, 0, -1)
      Atomics.notify(words, 0)
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

// Competitors on TensorFlow.js's WebAssembly backend, as it comes and with the kernels of @lotion/tfjs/wasm.
// Comes in: what they compute. Goes out: the two, who share the backend.
// Source: @tensorflow/tfjs-backend-wasm; one thread in Node.

import { registerWasmKernels } from '@lotion/tfjs/wasm'
import * as tf from '@tensorflow/tfjs'
import {
  messageOf,
  type Absent,
  type Competitor,
  type CompetitorDefinition,
  type TimedTask,
} from './competitor.js'

/** What a speed test asks of tfjs: tasks on one thread. */
export interface WasmTasks<Outcome> {
  readonly tasks: readonly Omit<TimedTask<Outcome>, 'threads'>[]
  /** Let go of what the tasks hold. */
  close?(): Promise<void>
}

/** tfjs on WebAssembly as it comes, but for the kernels that it lacks or gets wrong, and with our kernels. */
export const wasmCompetitors = <Subject, Outcome>(
  prepare: (subject: Subject, ours: boolean) => WasmTasks<Outcome> | Absent,
): readonly CompetitorDefinition<Subject, Competitor<Outcome>>[] =>
  [false, true].map((ours) => ({
    name: ours ? 'tfjs wasm, our kernels' : 'tfjs wasm',
    open: async (subject) => {
      const prepared = prepare(subject, ours)
      if ('absent' in prepared) return prepared
      const backend = await openWasmBackend()
      if ('absent' in backend) return backend
      return {
        version: `tfjs ${tf.version['tfjs']}, eager`,
        tasks: prepared.tasks.map(({ first, run, ...task }) => ({
          ...task,
          threads: 1,
          ...(first ? { first: () => withKernels(ours, first) } : {}),
          run: () => withKernels(ours, run),
        })),
        close: async () => {
          await prepared.close?.()
          await backend.close()
        },
      }
    },
  }))

/** Two competitors share the backend: each has its kernels for as long as its task takes. */
async function withKernels<R>(ours: boolean, run: () => Promise<R>): Promise<R> {
  const { restore } = registerWasmKernels(ours ? {} : { only: 'repairs' })
  try {
    return await run()
  } finally {
    restore()
  }
}

/** Choose the backend; `close` chooses the one from before. */
async function openWasmBackend(): Promise<{ close(): Promise<void> } | Absent> {
  // tfjs returns undefined until a backend is chosen, although its typings say otherwise.
  const previous: string | undefined = tf.getBackend()
  try {
    await withoutNewListeners(async () => {
      await import('@tensorflow/tfjs-backend-wasm')
      if (!(await tf.setBackend('wasm'))) throw new Error('the backend did not start')
    })
  } catch (error) {
    return { absent: `${messageOf(error)}; install @tensorflow/tfjs-backend-wasm 4.22.0` }
  }
  return { close: async () => void (await tf.setBackend(previous || 'cpu')) }
}

/** Run something that installs its own handler of uncaught errors, and remove that handler again. */
async function withoutNewListeners(run: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const before = events.map((event) => process.rawListeners(event))
  try {
    await run()
  } finally {
    events.forEach((event, i) => {
      for (const listener of process.rawListeners(event)) {
        if (!before[i]?.includes(listener))
          process.removeListener(event, listener as (...args: unknown[]) => void)
      }
    })
  }
}

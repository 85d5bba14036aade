// TensorFlow.js's WebAssembly backend for as long as something is measured on it. Comes in: nothing. Goes out: the backend chosen,
// and a way back, or the reason why not. Source: @tensorflow/tfjs-backend-wasm.

import * as tf from '@tensorflow/tfjs'

/** The chosen backend, or why it could not be. */
export type OpenedBackend =
  | {
      /** Choose the backend that was chosen before. */
      close(): Promise<void>
    }
  | { readonly skipped: string }

/** Choose the backend. */
export async function openWasmBackend(): Promise<OpenedBackend> {
  // tfjs answers undefined as long as nobody has chosen a backend, whatever its typings say.
  const previous: string | undefined = tf.getBackend()
  try {
    await withoutNewListeners(async () => {
      await import('@tensorflow/tfjs-backend-wasm')
      if (!(await tf.setBackend('wasm'))) throw new Error('the backend did not start')
    })
  } catch (error) {
    return {
      skipped: `${error instanceof Error ? error.message : String(error)}; install @tensorflow/tfjs-backend-wasm 4.22.0`,
    }
  }
  return { close: async () => void (await tf.setBackend(previous || 'cpu')) }
}

/** Run something that sets itself up as the process's handler of uncaught errors, and take that handler out again. */
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

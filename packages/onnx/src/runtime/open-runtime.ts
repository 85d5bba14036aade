// The choice of a binding to onnxruntime. Comes in: which is wanted, threads. Goes out: a runtime, or why
// there is none.

import { nativeRuntime } from './native-runtime.js'
import { nodeRuntime } from './node-runtime.js'
import type { Runtime, ThreadOptions } from './runtime.js'

/**
 * Open the binding that is asked for; `auto` takes the C API, or else the other one with a warning.
 * @throws Error if none loads, with the reason.
 */
export async function openRuntime(
  binding: 'auto' | 'native' | 'node',
  threads: ThreadOptions,
  onWarning: (message: string) => void,
): Promise<Runtime> {
  if (binding === 'node') return nodeRuntime(threads)
  try {
    return await nativeRuntime(threads)
  } catch (error) {
    const reason = reasonOf(error)
    if (binding === 'native') {
      throw new Error(`onnxruntime's C API did not load: ${reason}; try binding: 'node'`, { cause: error })
    }
    const runtime = await nodeRuntime(threads).catch((second: unknown) => neither(error, second))
    onWarning(
      `onnxruntime's C API did not load (${reason}); using onnxruntime-node's own API: the same numbers, slower, ` +
        'and the event loop waits during a step',
    )
    return runtime
  }
}

function neither(first: unknown, second: unknown): never {
  const [native, node] = [reasonOf(first), reasonOf(second)]
  throw new Error(
    native === node
      ? `onnxruntime did not load: ${native}`
      : `onnxruntime's C API did not load (${native}), nor did onnxruntime-node's own API (${node})`,
    { cause: second },
  )
}

const reasonOf = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? ''

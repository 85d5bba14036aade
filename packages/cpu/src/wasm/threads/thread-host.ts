// Threads of this platform: Node's worker threads, or workers of a browser. Comes in: the program of a
// thread. Goes out: threads that take messages. Source: docs/design/07-cpu.md.

import type * as NodeThreads from 'node:worker_threads'

/** A thread that has been told to start. */
export interface Thread {
  /** Send a message; those sent before it listens wait for it. */
  post(message: unknown): void
  end(): void
}

/** What a platform has of threads. */
export interface ThreadHost {
  readonly processors: number
  /** Whether the caller's thread may sleep: the main thread of a page may not. */
  readonly mayWait: boolean
  /**
   * Start a thread that calls `receive(message)`, which its program defines, for each message. `failed` is
   * told why it did not start or has ended. @throws if it cannot be started.
   */
  start(program: string, failed: (reason: string) => void): Thread
}

/** Find the platform's threads; `undefined` if there are none. */
export function threadHost(): ThreadHost | undefined {
  return nodeHost() ?? webHost()
}

const NAME = 'lotion-lanes'

function nodeHost(): ThreadHost | undefined {
  // Not imports: bundles for browsers have no such modules.
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> }
  const threads: typeof NodeThreads | undefined = process?.getBuiltinModule?.('node:worker_threads')
  if (!threads) return undefined
  return Object.freeze({
    processors: process?.getBuiltinModule?.('node:os').availableParallelism() ?? 1,
    mayWait: mayWait(),
    start: (program, failed) => {
      const listen = "require('node:worker_threads').parentPort.on('message', (message) => receive(message))"
      const worker = new threads.Worker(`${program}\n${listen}`, {
        eval: true,
        execArgv: [],
        env: {},
        name: NAME,
      })
      worker.unref()
      worker.on('error', ({ message }) => failed(message))
      return { post: (message) => worker.postMessage(message), end: () => void worker.terminate() }
    },
  } satisfies ThreadHost)
}

/** What this package needs of a browser's workers; the ES typings and Node's do not declare them. */
interface WebGlobals {
  readonly Worker?: new (
    url: string,
    options: { readonly name: string },
  ) => {
    addEventListener(
      type: 'error',
      listener: (event: { readonly message?: string; preventDefault(): void }) => void,
    ): void
    postMessage(message: unknown): void
    terminate(): void
  }
  readonly navigator?: { readonly hardwareConcurrency?: number }
}

function webHost(): ThreadHost | undefined {
  const { Worker, navigator } = globalThis as unknown as WebGlobals
  if (!Worker) return undefined
  return Object.freeze({
    processors: navigator?.hardwareConcurrency ?? 1,
    mayWait: mayWait(),
    start: (program, failed) => {
      // A blob has the page's origin, so memory can be shared with it; a data URL has none.
      const text = `${program}\nonmessage = ({ data }) => receive(data)`
      const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
      const worker = new Worker(url, { name: NAME })
      worker.addEventListener('error', (event) => {
        event.preventDefault()
        URL.revokeObjectURL(url)
        // Where a policy forbids the worker, the event says nothing.
        failed(event.message ?? "does the content security policy allow 'worker-src blob:'?")
      })
      return {
        post: (message) => worker.postMessage(message),
        end: () => {
          worker.terminate()
          URL.revokeObjectURL(url)
        },
      }
    },
  } satisfies ThreadHost)
}

function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0)
    return true
  } catch {
    return false
  }
}

// The fastest tfjs backend that works here, and why not a faster one. Comes in: what is installed and which
// adapter there is. Goes out: a backend that is set and ready, by name and reason.
// Source: docs/design/09-tfjs.md.

import * as defaultTf from '@tensorflow/tfjs-core'
import { oneCore } from '../core-instance.js'
import { candidatesFor, type Candidate } from './candidates.js'
import { failsFloat32 } from './float32-check.js'
import type { GpuLike } from './graphics-adapter.js'
import { importInstalled, type Importer } from './importer.js'

/** Where to look for backends. */
export interface BackendOptions {
  /** The instance of tfjs. Default: the imported `@tensorflow/tfjs-core`. */
  readonly tf?: typeof defaultTf
  /**
   * Load a package by name. Default: what the program has installed; with a bundler, import the backends'
   * packages beforehand or pass yours.
   */
  readonly importer?: Importer
  /** WebGPU's entry point. Default: `navigator.gpu`, in Node that of the npm package `webgpu`. */
  readonly gpu?: GpuLike
  /** Whether this is a browser. Default: whether there is a window or a worker's scope, and no Node. */
  readonly browser?: boolean
  /** Take a WebGPU adapter that computes on the processor, such as SwiftShader. For tests; default false. */
  readonly software?: boolean
}

/** What became of one backend. */
export interface BackendVerdict {
  /** As tfjs users know it, `tfjs-node` for one; tfjs itself may register it by another name. */
  readonly name: string
  /** Why it was taken or passed over, in words for a log. */
  readonly reason: string
}

/** The backend that was chosen, and all that were considered before it. */
export interface BackendChoice extends BackendVerdict {
  /** In order of preference; the last is the one chosen. */
  readonly considered: readonly BackendVerdict[]
}

/**
 * Choose and set the backend: in Node webgpu on a real adapter, tfjs-node-gpu, tfjs-node, wasm, cpu; in a
 * browser webgpu, webgl if it computes in 32 bits, wasm, cpu. What is not installed is passed over; nothing
 * is downloaded.
 *
 * ```ts
 * const { name, reason } = await chooseBackend()
 * ```
 * @throws Error if not even cpu can be set.
 * @example
 * ```ts
 * import { chooseBackend } from '@lotion/tfjs'
 *
 * const { name, reason } = await chooseBackend()
 * console.log(`${name}: ${reason}`)
 * ```
 */
export async function chooseBackend(options: BackendOptions = {}): Promise<BackendChoice> {
  const { browser = isBrowser(), software = false } = options
  const tf = oneCore(options.tf ?? defaultTf)
  const { importer = importInstalled } = options
  const considered: BackendVerdict[] = []
  for (const candidate of candidatesFor({ tf, importer, gpu: options.gpu, browser, software })) {
    const { taken, reason } = await tryOut(tf, candidate)
    considered.push(Object.freeze({ name: candidate.name, reason }))
    if (taken) return Object.freeze({ name: candidate.name, reason, considered: Object.freeze(considered) })
  }
  throw new Error(
    `backend: expected one that works, found ${considered.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`,
  )
}

async function tryOut(
  tf: typeof defaultTf,
  { backend, prepare }: Candidate,
): Promise<{ readonly taken: boolean; readonly reason: string }> {
  try {
    const found = await prepare()
    if (!found.usable) return { taken: false, reason: found.reason }
    if (!(await tf.setBackend(backend)))
      return { taken: false, reason: 'installed, but it could not be started' }
    const wrong = await failsFloat32(tf)
    return wrong === undefined
      ? { taken: true, reason: found.reason }
      : { taken: false, reason: `does not compute in 32 bits: ${wrong}` }
  } catch (error) {
    return {
      taken: false,
      reason: (error instanceof Error ? error.message : String(error)).split('\n')[0]!,
    }
  }
}

function isBrowser(): boolean {
  // Bundlers put a `process` into browsers, but not Node's version.
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> }
  return !process?.versions?.node && ('window' in globalThis || 'WorkerGlobalScope' in globalThis)
}

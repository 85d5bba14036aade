// Contract between the engine and a binding of onnxruntime. Comes in: a serialized model and its ports.
// Goes out: a session that runs over host arrays, writing its outputs in place.

import type { Port } from '../trace/trace-program.js'

/** Hold the elements of a port on the host. */
export type PortArray = Float32Array | Int32Array

/** Hold what a session is made from. */
export interface SessionPlan {
  readonly name: string
  readonly model: Uint8Array
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
}

/**
 * Run one model. Arrays are given in port order; outputs are overwritten. One that is collected without
 * `close` is freed.
 */
export interface RuntimeSession {
  run(inputs: readonly PortArray[], outputs: readonly PortArray[]): Promise<void>
  /** Ask a run under way to end early; it then fails. */
  interrupt(): void
  close(): Promise<void>
}

/** The ways to onnxruntime: our own binding to its library, or that of onnxruntime-node. */
export type Binding = 'native' | 'node'

/** Make sessions through one binding of onnxruntime. */
export interface Runtime {
  readonly name: Binding
  /** onnxruntime's version. */
  readonly version: string
  /** Make an array that runs of this runtime use in place: nobody but its maker may have its buffer. */
  stagingArray(port: Port): PortArray
  createSession(plan: SessionPlan): Promise<RuntimeSession>
  close(): Promise<void>
}

/** Choose how onnxruntime uses the cores. */
export interface ThreadOptions {
  /** Threads that share one operator. */
  readonly threads: number
  /** Let idle threads spin during a run: about 1.7 × faster on small steps, wasteful on a busy machine. */
  readonly spinning: boolean
}

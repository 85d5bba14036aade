// What an executor ran where, and why not faster. Comes in: calls as they run. Goes out: a record for people
// and tests.
// Source: docs/design/07-cpu.md.

/** Where formulas run: WebAssembly SIMD, emitted JavaScript, or node by node by the definition itself. */
export type Backend = 'wasm' | 'js' | 'interpreter'

/** How one formula has run. */
export interface FormulaReport {
  /** The formula's name, as its lane function was defined. */
  readonly name: string
  /** Where its calls run; `reason` says why not as WebAssembly. */
  readonly backend: Backend
  /** Calls so far; those of one batch count one by one. */
  readonly calls: number
  /** Calls with arrays outside the executor's memories, or in several, which are copied in and out. */
  readonly copied: number
  /** Those of them whose arrays lie in several memories: allocate them near each other. */
  readonly apart: number
  /** Why it did not run as WebAssembly. */
  readonly reason?: string
}

/** What an executor ran where. */
export interface ExecutionReport {
  /** Where formulas run by default. */
  readonly backend: Backend
  /**
   * Threads that share long calls, the caller's included; 1 once closed. Those that cannot be had are in
   * `reasons`.
   */
  readonly threads: number
  /**
   * Pieces of work in WebAssembly: on the caller's thread, and on others. Other threads start with the first
   * long call.
   */
  readonly jobs: {
    /** Pieces that the caller's thread ran. */
    readonly here: number
    /** Pieces that other threads ran; 0 before the first long call. */
    readonly elsewhere: number
  }
  /** Memories that arrays are made in, of at most 4 GiB each; 0 if there are none. */
  readonly memories: number
  /** Bytes of all memories. */
  readonly memoryBytes: number
  /** Why the default is not WebAssembly on the threads asked for. */
  readonly reasons: readonly string[]
  /** Formulas by name, in the order in which they first ran. */
  readonly formulas: readonly FormulaReport[]
}

// Reading the data of a task: how, and what there is. Comes in: nothing. Goes out: types only.
// Source: docs/design/04-bench.md.

/** How data is read. */
export interface DataReading {
  /** Read what comes with the package too, which needs no check. Default false. */
  readonly all?: boolean
  /**
   * Told while it is read.
   * @param bytes Read so far.
   * @param total Bytes in all.
   */
  onProgress?(bytes: number, total: number): void
  /** Ends the reading. */
  readonly signal?: AbortSignal
}

/** What there is to learn from. */
export interface DataFacts {
  /** Documents in all. */
  readonly documents: number
  /** Tokens to train on. */
  readonly training: number
  /** Tokens held back. */
  readonly validation: number
  /** Tokens of the held back that losses are measured on. */
  readonly judged: number
  /** Bytes of their text in UTF-8; absent where tokens are of no text. */
  readonly judgedBytes?: number
}

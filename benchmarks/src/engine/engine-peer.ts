// What takes part in an engine comparison. Comes in: a workload. Goes out: steps that can be taken one at a time.
// Source: docs/design/04-bench.md. A peer that is not there says why and how to get it; it never fails the comparison.

import type { Tree } from '@lotion/core'
import type { EngineWorkload } from './engine-workload.js'

/** What a step comprises: forward + backward, or these and an AdamW update. */
export type StepKind = 'gradients' | 'adamw'

/** What a step computed: the loss at the weights before it, and the gradients or the weights after the update. */
export interface StepOutcome {
  readonly loss: number
  readonly tensors: Tree<Float32Array>
}

/** One way in which an engine takes one kind of step, with weights of its own. */
export interface PeerStep {
  readonly kind: StepKind
  /** What tells it from the engine's other ways, e.g. the attention operator; '' if there is but one. */
  readonly variant: string
  /** Take a step and return its milliseconds. */
  run(): Promise<number>
  /** Take the first step and return what it computed. Call it once, before `run`. */
  first(): Promise<StepOutcome>
}

/** An engine, ready to run a workload. */
export interface EnginePeer {
  readonly name: string
  /** Version and what else identifies the build: `2.15.0, AVX512`. */
  readonly version: string
  readonly threads: number
  /** Measured steps at most; engines with slow steps take part in the first rounds only. */
  readonly rounds: number
  readonly steps: readonly PeerStep[]
  close(): Promise<void>
}

/** A peer, or why there is none and how to get it. */
export type OpenedPeer = EnginePeer | { readonly skipped: string }

/** What a peer may use while it opens. */
export interface PeerContext {
  /** Tell a person what is going on; one line. */
  readonly log: (line: string) => void
  readonly signal: AbortSignal
}

/** An engine that may take part. */
export interface PeerDefinition {
  readonly name: string
  open(workload: EngineWorkload, context: PeerContext): Promise<OpenedPeer>
}

// Ways to run optimizer steps. Comes in: steps and a number of weights. Goes out: steps that can be taken one at a time.
// Source: docs/design/04-bench.md. A way that is not there says why and how to get it; it never fails the comparison.

import { uniforms, type Tree } from '@lotion/core'
import type { KernelCase, StepArray } from './kernel-case.js'

/** What every way is given. */
export interface KernelWorkload {
  readonly weights: number
  readonly cases: readonly KernelCase[]
  /** Threads of ways that can use several. */
  readonly threads: number
}

/** One step on one way. */
export interface WayStep {
  /** Name of the case. */
  readonly step: string
  /** What tells it from the way's other forms of this step; '' if there is but one. */
  readonly variant: string
  /** So slow that a few rounds must do. */
  readonly slow: boolean
  /** Take the step from the start: the first and the last `endLength` values of what it writes. `null`: it has no result. */
  first(): Promise<Tree<Float32Array> | null>
  /** Take a step and return its milliseconds. */
  run(): Promise<number>
}

/** A way, ready to run. */
export interface KernelWay {
  readonly name: string
  /** What identifies the build or device; '' if that is this process. */
  readonly version: string
  readonly threads: number
  /** Whether its results must equal the first way's in every bit. */
  readonly exact: boolean
  readonly steps: readonly WayStep[]
  /** What did not run as the way's name says, and why; asked once all first steps are taken. */
  notes?(): readonly string[]
  /** Bind its threads to processors, once all first steps are taken. Returns what is bound, in words; absent: cannot. */
  pin?(processors: readonly number[]): Promise<string>
  close(): Promise<void>
}

/** What a way may use while it opens. */
export interface WayContext {
  readonly log: (line: string) => void
  readonly signal: AbortSignal
  /** Processors to bind threads to; empty: do not bind. */
  readonly processors: readonly number[]
}

/** A way that may take part. */
export interface WayDefinition {
  readonly name: string
  /** Bytes of memory it needs a weight, about. */
  readonly bytesPerWeight: number
  open(workload: KernelWorkload, context: WayContext): Promise<KernelWay | { readonly skipped: string }>
}

/** Values that are compared at each end of an array; also the length of the sequence that arrays repeat. */
export const endLength = 2 ** 16

/** The sequence that an array repeats at the start: values in ±½, the second moment positive and a thousandth of that. */
export function startSequence(name: StepArray, weights: number): Float32Array {
  const [offset, scale] = name === 'adamw.v' ? [0, 1e-3] : [0.5, 1]
  return uniforms({ seed: 0, stream: name }, Math.min(weights, endLength)).map((u) => (u - offset) * scale)
}

/** Fill an array with its sequence, repeated. */
export function fillFromStart(array: Float32Array, name: StepArray): void {
  const sequence = startSequence(name, array.length)
  for (let at = 0; at < array.length; at += sequence.length)
    array.set(sequence.subarray(0, array.length - at), at)
}

/** The first and the last values of an array. */
export function endsOf(array: Float32Array): Float32Array {
  const count = Math.min(array.length, endLength)
  const ends = new Float32Array(2 * count)
  ends.set(array.subarray(0, count))
  ends.set(array.subarray(array.length - count), count)
  return ends
}

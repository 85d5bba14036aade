// What takes part in a comparison of kernels. Comes in: steps and a number of weights, the subject. Goes out:
// the contract, and the values that every competitor starts from. Source: docs/design/12-speed-tests.md.

import { uniforms, type Tree } from '@lotion/core'
import type { Competitor, CompetitorDefinition } from '../harness/competitor.js'
import type { KernelCase, StepArray } from './kernel-case.js'

/** What every competitor is given. */
export interface KernelSubject {
  readonly weights: number
  readonly cases: readonly KernelCase[]
  /** Threads of competitors that can use several. */
  readonly threads: number
}

/** The ends of what a step wrote. */
export type KernelOutcome = Tree<Float32Array>

/** A way to run optimizer steps. */
export interface KernelDefinition extends CompetitorDefinition<KernelSubject, Competitor<KernelOutcome>> {
  /** Bytes of memory it needs a weight, about. */
  readonly bytesPerWeight: number
}

/** Rounds for steps of tens of nanoseconds a weight: few say as much. */
export const slowRounds = (weights: number): number => (weights > 2 ** 24 ? 2 : 3)

/** Values that are compared at each end of an array; also the length of the sequence that arrays repeat. */
export const END_LENGTH = 2 ** 16

/**
 * The sequence that an array repeats at the start: values in ±½, the second moment positive and a thousandth
 * of that.
 */
export function startSequence(name: StepArray, weights: number): Float32Array {
  const [offset, scale] = name === 'adamw.v' ? [0, 1e-3] : [0.5, 1]
  return uniforms({ seed: 0, stream: name }, Math.min(weights, END_LENGTH)).map((u) => (u - offset) * scale)
}

/** Fill an array with its sequence, repeated. */
export function fillFromStart(array: Float32Array, name: StepArray): void {
  const sequence = startSequence(name, array.length)
  for (let at = 0; at < array.length; at += sequence.length)
    array.set(sequence.subarray(0, array.length - at), at)
}

/** The first and the last values of an array. */
export function endsOf(array: Float32Array): Float32Array {
  const count = Math.min(array.length, END_LENGTH)
  const ends = new Float32Array(2 * count)
  ends.set(array.subarray(0, count))
  ends.set(array.subarray(array.length - count), count)
  return ends
}

// What the figures train. Comes in: nothing. Goes out: the bowl of a block of weights, and of a curve fitted to
// points.

import { normals } from '@lotion/core'
import type { Bowl } from './bowl-training.js'

/** Weights of the block in the figure. */
const SIZE = 12

/**
 * A row of twelve weights whose inputs rise and fall together: half of each input is its own, half is shared.
 * Rounding errors of one sign add up, errors of both signs cancel.
 */
export const block: Bowl = {
  hessian: Array.from({ length: SIZE }, (_, i) =>
    Array.from({ length: SIZE }, (_, j) => (i === j ? 1 : 0.5)),
  ),
  best: [...normals({ seed: 3, stream: 'target' }, SIZE)],
  floor: 0,
  start: [...normals({ seed: 4, stream: 'start' }, SIZE)].map((value) => 0.1 * value),
}

/** A point to fit. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The hills that a curve is a sum of: this many, side by side over 0 … 1. */
const HILLS = 6

/** Height of each hill at a place. */
export function hillsAt(x: number): readonly number[] {
  return Array.from({ length: HILLS }, (_, i) => Math.exp(-0.5 * ((x - i / (HILLS - 1)) / 0.17) ** 2))
}

/** The curve of weights at a place: Σ wᵢ hillᵢ(x). */
export function curveAt(weights: readonly number[], x: number): number {
  return hillsAt(x).reduce((sum, hill, i) => sum + hill * weights[i]!, 0)
}

const noise = normals({ seed: 5, stream: 'points' }, 40)

/** Points along a wave, with noise. */
export const points: readonly Point[] = Array.from(noise, (z, i) => {
  const x = (i + 0.5) / noise.length
  return { x, y: Math.sin(6 * x) + 0.4 * Math.cos(14 * x) + 0.1 * z }
})

/** The mean squared error of the curve over the points, as a bowl over its weights. */
export const curve: Bowl = bowlOf(points)

function bowlOf(all: readonly Point[]): Bowl {
  const rows = all.map(({ x }) => hillsAt(x))
  const mean = (f: (row: readonly number[], y: number) => number): number =>
    rows.reduce((sum, row, n) => sum + f(row, all[n]!.y), 0) / rows.length
  const hessian = Array.from({ length: HILLS }, (_, i) =>
    Array.from({ length: HILLS }, (_, j) => 2 * mean((row) => row[i]! * row[j]!)),
  )
  const best = solve(
    hessian,
    Array.from({ length: HILLS }, (_, i) => 2 * mean((row, y) => row[i]! * y)),
  )
  return {
    hessian,
    best,
    floor: mean((row, y) => (row.reduce((sum, hill, i) => sum + hill * best[i]!, 0) - y) ** 2),
    start: best.map(() => 0.05),
  }
}

/** Solve a small positive definite system by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  for (const [i, row] of rows.entries()) {
    for (let j = i; j < row.length; j++) if (j !== i) row[j]! /= row[i]!
    row[i] = 1
    for (const [k, other] of rows.entries()) {
      if (k === i) continue
      const factor = other[i]!
      for (let j = i; j < row.length; j++) other[j]! -= factor * row[j]!
    }
  }
  return rows.map((row) => row.at(-1)!)
}

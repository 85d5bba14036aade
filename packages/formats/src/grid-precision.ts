// What the points of a grid ask of a scale. Comes in: a grid. Goes out: numbers. Source: IEEE 754-2019
// (products of few significant bits are exact); docs/design/03-formats-and-methods.md (casting twice).

import type { Grid } from '@lotion/core'
import { topPoint } from './top-point.js'

type Points = Pick<Grid, 'points'>

/** The largest finite f32 number. */
export const LARGEST_F32: number = (2 - 2 ** -23) * 2 ** 127

/** The exponent of the lowest bit that is set in a number above 0. */
function lowestBit(value: number): number {
  let exponent = Math.floor(Math.log2(value))
  while (!Number.isInteger(value * 2 ** -exponent)) exponent -= 1
  return exponent
}

/** Significant bits that the longest point needs: 2 for E2M1 (6 = 11₂ · 2). */
export function significantBits({ points }: Points): number {
  const bits = points
    .map(Math.abs)
    .filter((point) => point > 0)
    .map((point) => Math.floor(Math.log2(point)) - lowestBit(point) + 1)
  return Math.max(...bits)
}

/** The largest power of two of which every point is a multiple, as its exponent: −1 for E2M1. */
export function unitExponent({ points }: Points): number {
  return Math.min(
    ...points
      .map(Math.abs)
      .filter((point) => point > 0)
      .map(lowestBit),
  )
}

/**
 * 2 · top / (distance of the two largest points). A block's maximum is cast to the top, which keeps its
 * scale, if the scale that covers it exceeds the next smaller one by no more than one part in so many.
 */
export function stepsAtTop(grid: Points): number {
  const top = topPoint(grid)
  return (2 * top) / (top - grid.points[grid.points.length - 2]!)
}

/** Whether twice a point is a point, up to the top: a cast is then representable with half its scale. */
export function isNested(grid: Points): boolean {
  const [top, points] = [topPoint(grid), new Set(grid.points)]
  return grid.points.every((point) => 2 * Math.abs(point) > top || points.has(2 * point))
}

/**
 * The largest number of so many significant bits, 24 (f32) by default, whose product with the top is finite
 * in f32.
 */
export function largestFiniteScale(grid: Points, bits = 24): number {
  return roundedDown(LARGEST_F32 / topPoint(grid), bits)
}

/** The largest number of so many significant bits that is not above a given one. */
export function roundedDown(value: number, bits: number): number {
  const step = 2 ** (Math.floor(Math.log2(value)) + 1 - bits)
  return Math.floor(value / step) * step
}

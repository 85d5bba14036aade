// A quadratic loss with a power-law spectrum: ½ (v − v*)ᵀ H (v − v*). Comes in: dimension, exponent, seed.
// Goes out: H, v*.
// Source: LOTION (arXiv 2510.08757).

import { normals } from '@lotion/core'

/** A quadratic bowl in double precision. */
export interface Quadratic {
  readonly dimension: number
  /** The minimum v*, standard normal. */
  readonly minimum: Float64Array
  /** Diagonal of H. */
  readonly diagonal: Float64Array
  /** H x. */
  times(x: Float64Array): Float64Array
  /** Draw x ~ N(0, H) from d standard normals. */
  sample(z: Float32Array): Float64Array
}

/** What determines a bowl. */
export interface QuadraticOptions {
  readonly dimension: number
  /** Eigenvalues i^−spectrum, i = 1 … d. */
  readonly spectrum: number
  /** `rotated`: a random orthonormal basis; `diagonal`: the coordinate axes. */
  readonly hessian: 'rotated' | 'diagonal'
  readonly seed: number
}

/** Make the quadratic of a seed. */
export function quadratic({ dimension: d, spectrum, hessian, seed }: QuadraticOptions): Quadratic {
  const eigenvalues = Float64Array.from({ length: d }, (_, i) => (i + 1) ** -spectrum)
  const minimum = Float64Array.from(normals({ seed, stream: 'minimum' }, d))
  const roots = eigenvalues.map(Math.sqrt)
  if (hessian === 'diagonal') {
    return {
      dimension: d,
      minimum,
      diagonal: eigenvalues,
      times: (x) => x.map((value, i) => value * eigenvalues[i]!),
      sample: (z) => roots.map((root, i) => root * z[i]!),
    }
  }
  const basis = orthonormal(normals({ seed, stream: 'rotation' }, d * d), d)
  const dense = new Float64Array(d * d)
  for (let k = 0; k < d; k++) {
    for (let i = 0; i < d; i++) {
      const scaled = eigenvalues[k]! * basis[k * d + i]!
      for (let j = 0; j < d; j++) dense[i * d + j]! += scaled * basis[k * d + j]!
    }
  }
  return {
    dimension: d,
    minimum,
    diagonal: Float64Array.from({ length: d }, (_, i) => dense[i * d + i]!),
    times: (x) => multiply(dense, x, d),
    sample: (z) => {
      const x = new Float64Array(d)
      for (let k = 0; k < d; k++) {
        const scaled = roots[k]! * z[k]!
        for (let i = 0; i < d; i++) x[i]! += scaled * basis[k * d + i]!
      }
      return x
    },
  }
}

/** ½ eᵀ H e and H e for e = v − v*. */
export function evaluateQuadratic(bowl: Quadratic, v: Float64Array): { loss: number; slope: Float64Array } {
  const error = v.map((value, i) => value - bowl.minimum[i]!)
  const slope = bowl.times(error)
  return { loss: 0.5 * error.reduce((sum, e, i) => sum + e * slope[i]!, 0), slope }
}

function multiply(matrix: Float64Array, x: Float64Array, d: number): Float64Array {
  const y = new Float64Array(d)
  for (let i = 0; i < d; i++) {
    let sum = 0
    for (let j = 0, at = i * d; j < d; j++, at++) sum += matrix[at]! * x[j]!
    y[i] = sum
  }
  return y
}

/** Orthonormalise a Gaussian matrix's rows (modified Gram–Schmidt, twice for accuracy): a Haar rotation. */
function orthonormal(gaussian: Float32Array, d: number): Float64Array {
  const rows = Float64Array.from(gaussian)
  const dot = (a: number, b: number): number => {
    let sum = 0
    for (let j = 0; j < d; j++) sum += rows[a * d + j]! * rows[b * d + j]!
    return sum
  }
  for (let k = 0; k < d; k++) {
    for (let pass = 0; pass < 2; pass++) {
      for (let before = 0; before < k; before++) {
        const along = dot(k, before)
        for (let j = 0; j < d; j++) rows[k * d + j]! -= along * rows[before * d + j]!
      }
    }
    const norm = Math.sqrt(dot(k, k))
    for (let j = 0; j < d; j++) rows[k * d + j]! /= norm
  }
  return rows
}

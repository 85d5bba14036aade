import { expect, test } from 'vitest'
import { normals } from '@lotion/core'
import { evaluateQuadratic, quadratic } from './quadratic.js'

const d = 12
const rotated = quadratic({ dimension: d, spectrum: 1.1, hessian: 'rotated', seed: 3 })
const unit = (i: number): Float64Array => Float64Array.from({ length: d }, (_, j) => (i === j ? 1 : 0))
const matrix = Array.from({ length: d }, (_, i) => rotated.times(unit(i)))

test('a rotated Hessian is symmetric, has its diagonal, and the trace and squared norm of its eigenvalues', () => {
  const eigenvalues = Array.from({ length: d }, (_, i) => (i + 1) ** -1.1)
  for (let i = 0; i < d; i++) {
    expect(matrix[i]![i]).toBe(rotated.diagonal[i])
    for (let j = 0; j < i; j++) expect(matrix[i]![j]).toBeCloseTo(matrix[j]![i]!, 14)
  }
  // Rotations leave trace and Frobenius norm; f64 rounding over d² terms stays far below 1e-12.
  expect(rotated.diagonal.reduce((sum, h) => sum + h, 0)).toBeCloseTo(
    eigenvalues.reduce((sum, e) => sum + e, 0),
    12,
  )
  const squares = matrix.flatMap((row) => [...row]).reduce((sum, h) => sum + h * h, 0)
  expect(squares).toBeCloseTo(
    eigenvalues.reduce((sum, e) => sum + e * e, 0),
    12,
  )
})

test('a diagonal Hessian is its eigenvalues', () => {
  const bowl = quadratic({ dimension: d, spectrum: 2, hessian: 'diagonal', seed: 0 })
  expect([...bowl.diagonal]).toEqual(Array.from({ length: d }, (_, i) => (i + 1) ** -2))
  expect([...bowl.times(unit(3))]).toEqual([...unit(3)].map((one, i) => one * bowl.diagonal[i]!))
})

test('the slope is the loss’s derivative; both are 0 at the minimum', () => {
  expect(evaluateQuadratic(rotated, rotated.minimum)).toEqual({ loss: 0, slope: new Float64Array(d) })
  const at = Float64Array.from(normals({ seed: 1, stream: 'point' }, d))
  const { slope } = evaluateQuadratic(rotated, at)
  for (let i = 0; i < d; i++) {
    const loss = (h: number): number => evaluateQuadratic(rotated, at.with(i, at[i]! + h)).loss
    // Exact for a quadratic at any h, but for rounding of losses of about 1: 1e-16 / h.
    expect((loss(0.5) - loss(-0.5)) / 1).toBeCloseTo(slope[i]!, 13)
  }
})

test.each(['rotated', 'diagonal'] as const)('samples have covariance H (%s)', (hessian) => {
  const bowl = quadratic({ dimension: 4, spectrum: 1, hessian, seed: 5 })
  // sample is linear, x = A z: its columns A e_k give the covariance A Aᵀ without any drawing.
  const columns = [0, 1, 2, 3].map((k) =>
    bowl.sample(Float32Array.from({ length: 4 }, (_, j) => (j === k ? 1 : 0))),
  )
  for (let i = 0; i < 4; i++) {
    const row = bowl.times(Float64Array.from({ length: 4 }, (_, j) => (j === i ? 1 : 0)))
    for (let j = 0; j < 4; j++)
      expect(columns.reduce((sum, x) => sum + x[i]! * x[j]!, 0)).toBeCloseTo(row[j]!, 14)
  }
})

test('a seed makes one problem, another seed another', () => {
  const again = quadratic({ dimension: d, spectrum: 1.1, hessian: 'rotated', seed: 3 })
  expect(again.minimum).toEqual(rotated.minimum)
  expect(again.diagonal).toEqual(rotated.diagonal)
  expect(quadratic({ dimension: d, spectrum: 1.1, hessian: 'rotated', seed: 4 }).minimum).not.toEqual(
    rotated.minimum,
  )
})

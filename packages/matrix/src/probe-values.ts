// Weights and what goes with them, of every kind on which arithmetic or a format may go wrong. Comes in: a
// grid's points and a layout. Goes out: arrays by name. Values are f32, drawn from keyed streams.

import { normals, uniforms, type BlockLayout } from '@lotion/core'
import { blockMembers, weightsOf } from '@lotion/core/internal'

/** One kind of weights. */
export interface ProbeKind {
  readonly name: string
  /** Whether all values are finite numbers. */
  readonly finite: boolean
  /** Size of the gradients that go with them. */
  readonly size: number
  /** The weight at position k of a block; z is normal, `points` are the grid's. */
  weight(at: {
    readonly k: number
    readonly block: number
    readonly z: number
    readonly points: readonly number[]
  }): number
}

const words = new Int32Array(1)
const float = new Float32Array(words.buffer)

/** The f32 number `steps` after x, away from 0. */
function beside(x: number, steps: number): number {
  float[0] = x
  words[0]! += steps
  return float[0]
}

/** A scale of a block: powers of two and others. */
const scaleOf = (block: number): number => 2 ** ((block % 7) - 3) * (block % 2 === 0 ? 1 : 0.3)

/** The block's largest weight is on the grid's top; the others are `value` of the grid. */
const scaled =
  (value: (points: readonly number[], k: number) => number): ProbeKind['weight'] =>
  ({ k, block, points }) =>
    (k === 0 ? points.at(-1)! : value(points, k)) * scaleOf(block)

const midpoint = (points: readonly number[], k: number): number => {
  const i = k % (points.length - 1)
  return (points[i]! + points[i + 1]!) / 2
}

const sign = (k: number): number => (k % 2 === 0 ? 1 : -1)

/** Every kind of weights. */
export const probeKinds: readonly ProbeKind[] = Object.freeze([
  { name: 'normal', finite: true, size: 1, weight: ({ z }) => 0.02 * z },
  {
    name: 'grid points',
    finite: true,
    size: 1e-3,
    weight: scaled((points, k) => points[k % points.length]!),
  },
  { name: 'halves', finite: true, size: 1, weight: scaled(midpoint) },
  {
    name: 'beside halves',
    finite: true,
    size: 1,
    weight: scaled((points, k) => beside(midpoint(points, k), k % 3 === 0 ? 1 : -1)),
  },
  {
    name: 'beside points',
    finite: true,
    size: 1,
    weight: scaled((points, k) => beside(points[k % points.length]!, k % 3 === 0 ? 1 : -1)),
  },
  { name: '±0', finite: true, size: 0, weight: ({ k }) => (k % 2 === 0 ? 0 : -0) },
  { name: 'subnormal', finite: true, size: 2 ** -140, weight: ({ k }) => sign(k) * (k % 9) * 2 ** -149 },
  { name: 'tiny', finite: true, size: 1e-30, weight: ({ k, z }) => z * 2 ** -(100 + (k % 40)) },
  {
    name: 'huge',
    finite: true,
    size: 1e18,
    weight: ({ k, z }) => (k % 5 === 0 ? sign(k) * 3e38 : z * 2 ** 120),
  },
  { name: 'of all sizes', finite: true, size: 1, weight: ({ k, z }) => z * 2 ** (((k * 37) % 120) - 60) },
  { name: 'an outlier', finite: true, size: 1, weight: ({ k, z }) => (k === 1 ? 100 : 0.01 * z) },
  { name: 'of one size', finite: true, size: 1, weight: ({ k, block }) => sign(k) * scaleOf(block) },
  {
    name: 'not finite',
    finite: false,
    size: 1,
    weight: ({ k, z, block }) => (block % 2 === 0 && k % 7 === 3 ? [NaN, Infinity, -Infinity][k % 3]! : z),
  },
])

/** Slots and signals that are squares. */
const squareName = /(^|[. ])(v|squares|fisher|curvature|diagonal)$/

/**
 * Make the input `name` of a formula: `w` and the operands `a` of the kind's weights, `u` uniform with both
 * ends of [0, 1), squares at least 0, all others of either sign, with a 0 here and there.
 */
export function probeInput(
  name: string,
  kind: ProbeKind,
  layout: BlockLayout,
  points: readonly number[],
): Float32Array {
  const length = weightsOf(layout)
  const key = { seed: 1, stream: `${kind.name} ${name}` }
  if (name === 'u') {
    const u = uniforms(key, length)
    u.forEach((_, i) => i % 11 === 0 && (u[i] = [0, 1 - 2 ** -24, 0.5][(i / 11) % 3]!))
    return u
  }
  const z = normals(key, length)
  if (name === 'w' || name === 'a') {
    blockMembers(layout).forEach((members, block) =>
      members.forEach((i, k) => (z[i] = kind.weight({ k, block, z: z[i]!, points }))),
    )
    return z
  }
  const square = squareName.test(name)
  return z.map((value, i) => {
    if (i % 7 === 3) return square || i % 2 === 0 ? 0 : -0
    return square ? value * value * kind.size * kind.size : value * kind.size
  })
}

// Random formulas of every operation over weights of every kind. Comes in: numbers that fast-check draws and
// shrinks. Goes out: a lane function, layouts, weights.

import fc from 'fast-check'
import {
  blockOf,
  defineLanes,
  layoutOf,
  perRow,
  perTensor,
  uniforms,
  type BlockLayout,
  type Lane,
  type LaneFn,
  type Shape,
} from '@lotion/core'

/** Every operation of the language; t numbers the step, so that totals have different names. */
const randomOperations: readonly ((p: Lane, q: Lane, r: Lane, t: Lane, step: number) => Lane)[] = [
  (p, q) => p.add(q),
  (p, q) => p.sub(q),
  (p, q) => p.mul(q),
  (p, q) => p.div(q),
  (p, q) => p.min(q),
  (p, q) => p.max(q),
  (p) => p.abs(),
  (p) => p.sqrt(),
  (p) => p.floor(),
  (p, q, r, t) => p.less(q, r, t),
  (p) => p.blockMax(),
  (p) => p.blockSum(),
  (p, _q, _r, _t, step) => p.total(`total ${step}`),
  (p) => p.binade(),
  (p) => p.tensorMax(),
  (p) => p.tensorSum(),
]

/** Values where arithmetic is at its edges; NaN last. */
export const specialNumbers = [
  0,
  -0,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  1e-40,
  0.5,
  -0.5,
  1,
  -1,
  1.5,
  2.5,
  -7,
  16777217,
  1e30,
  -1e30,
  3e38,
  -3e38,
  Infinity,
  -Infinity,
  NaN,
]

/** The steps of a formula, each the numbers of an operation, of a literal and of operands. */
export type Program = readonly (readonly number[])[]

/** A formula of two weights and a scalar; its last five values are outputs, of whatever rate they have. */
export function formulaOf(program: Program, name: string): LaneFn {
  const outputs = ['y0', 'y1', 'y2', 'y3', 'y4']
  return defineLanes({
    name,
    inputs: ['a', 'b'],
    scalars: ['s'],
    outputs,
    body: (x) => {
      const values = [x['a']!, x['b']!, x['s']!]
      program.forEach(([op, constant, ...operands], step) => {
        const picked = operands.map((at) => values[at % values.length]!)
        // Now and then a literal takes the place of the second operand.
        if (constant! < specialNumbers.length)
          picked[1] = x['s']!.less(x['s']!, 0, specialNumbers[constant!]!)
        values.push(randomOperations[op!]!(picked[0]!, picked[1]!, picked[2]!, picked[3]!, step))
      })
      return Object.fromEntries(outputs.map((output, i) => [output, values.at(-1 - i)!]))
    },
  })
}

const operand = fc.nat(999)
/** Draws the steps of a formula. */
export const program = fc.array(
  fc.tuple(fc.nat(randomOperations.length - 1), fc.nat(99), operand, operand, operand, operand),
  { minLength: 3, maxLength: 14 },
)

/** Shapes with blocks along each axis, whole and ragged. */
export const formulaLayouts: readonly (readonly [Shape, BlockLayout])[] = [
  [[24], layoutOf([24], blockOf(8))],
  [[3, 7], layoutOf([3, 7], blockOf(4))],
  [[7, 3], layoutOf([7, 3], blockOf(2), 0)],
  [[2, 5, 3], layoutOf([2, 5, 3], blockOf(4), 1)],
  [[4, 6], layoutOf([4, 6], blockOf(3))],
  [[4, 5], layoutOf([4, 5], perRow, 0)],
  [[13], layoutOf([13], perTensor)],
  [[6], layoutOf([6], blockOf(1))],
]

/**
 * Weights of mixed kinds: special values, ordinary ones, and ordinary ones of very different sizes; ±∞ and
 * NaN in every third step.
 */
export function weights(length: number, stream: string, step: number): Float32Array {
  const key = { seed: 3, stream, step }
  const [kind, value] = [uniforms(key, length), uniforms({ ...key, stream: `${stream} value` }, length)]
  return Float32Array.from(value, (u, i) => {
    if (kind[i]! < 0.25) return specialNumbers[Math.floor(u * (step % 3 === 0 ? specialNumbers.length : 18))]!
    return kind[i]! < 0.8 ? 4 * u - 2 : (u - 0.5) * 2 ** Math.floor(kind[i]! * 400 - 340)
  })
}

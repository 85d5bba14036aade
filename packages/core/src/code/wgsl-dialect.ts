// How a formula's operations are written in WGSL. Comes in: nodes of a graph. Goes out: source text, calls of
// the functions of `wgslArithmetic`. Source: docs/design/08-gpu.md; the meaning of the nodes is
// packages/core/src/evaluate.ts.

import type { LaneNode } from '../lanes/node.js'

/** Operations as text in a kernel's language. */
export interface Dialect {
  /** A constant. */
  literal(value: number): string
  /** A node computed from others. */
  operation(node: Operation, text: (operand: LaneNode) => string): string
  /** m < x ? x : m. */
  larger(m: string, x: string): string
}

/** A node that is computed weight by weight. */
export type Operation = LaneNode & { readonly kind: 'unary' | 'binary' | 'less' }

/** How a language that becomes WGSL writes what differs: names of functions, and numbers. */
export interface WgslSpelling {
  /** Name of a function as the language calls it. */
  readonly call: (name: string) => string
  /** A number as the language writes it. */
  readonly number: (value: number) => string
}

const bits = new DataView(new ArrayBuffer(4))

/** Every operation calls a function of `wgslArithmetic`: right whatever the device rounds or flushes. */
export function wgslDialect({ call, number }: WgslSpelling): Dialect {
  const pick = (a: string, b: string, yes: string, no: string): string =>
    `${call('fpick')}(${call('fless')}(${a}, ${b}), ${yes}, ${no})`
  return Object.freeze({
    literal: (value) => {
      const single = Math.fround(value)
      // What text cannot say, or a shader compiler may refuse or flush, is said in bits.
      if (single === 0 ? Object.is(single, 0) : Math.abs(single) >= 2 ** -126 && Number.isFinite(single))
        return single < 0 ? `(${number(single)})` : number(single)
      bits.setFloat32(0, single)
      return `${call('unbits')}(${bits.getInt32(0)})`
    },
    operation: (node, text) => {
      switch (node.kind) {
        case 'unary':
          return `${call(`f${node.op}`)}(${text(node.a)})`
        case 'binary': {
          const [a, b] = [text(node.a), text(node.b)]
          if (node.op === 'min') return pick(b, a, b, a)
          if (node.op === 'max') return pick(a, b, b, a)
          return `${call(`f${node.op}`)}(${a}, ${b})`
        }
        case 'less':
          return pick(text(node.a), text(node.b), text(node.yes), text(node.no))
      }
    },
    larger: (m, x) => pick(m, x, x, m),
  } satisfies Dialect)
}

// How a formula's operations are written for a mode of gpu.js. Comes in: nodes of a graph. Goes out: source text.
// Source: docs/design/08-gpu.md; the meaning of the nodes is packages/core/src/evaluate.ts.

import type { LaneNode } from '@lotion/core'

/** Operations as text in the language of gpu.js kernels, a subset of JavaScript. */
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

const bits = new DataView(new ArrayBuffer(4))

/** Every operation calls a function of `wgslArithmetic`: right whatever the device rounds or flushes. */
export const wgslDialect: Dialect = Object.freeze({
  literal: (value) => {
    const single = Math.fround(value)
    // What text cannot say, or a shader compiler may refuse or flush, is said in bits.
    if (single === 0 ? Object.is(single, 0) : Math.abs(single) >= 2 ** -126 && Number.isFinite(single))
      return single < 0 ? `(${single})` : String(single)
    bits.setFloat32(0, single)
    return `unbits(${bits.getInt32(0)})`
  },
  operation: (node, text) => {
    switch (node.kind) {
      case 'unary':
        return `f${node.op}(${text(node.a)})`
      case 'binary': {
        const [a, b] = [text(node.a), text(node.b)]
        if (node.op === 'min') return `fpick(fless(${b}, ${a}), ${b}, ${a})`
        if (node.op === 'max') return `fpick(fless(${a}, ${b}), ${b}, ${a})`
        return `f${node.op}(${a}, ${b})`
      }
      case 'less':
        return `fpick(fless(${text(node.a)}, ${text(node.b)}), ${text(node.yes)}, ${text(node.no)})`
    }
  },
  larger: (m, x) => `fpick(fless(${m}, ${x}), ${x}, ${m})`,
} satisfies Dialect)

/** The operators of the platform: they round as IEEE 754 says in WebAssembly (f32) and JavaScript (f64). */
export const plainDialect = (round: (value: number) => number): Dialect =>
  Object.freeze({
    literal: (value) => {
      const rounded = round(value)
      if (Number.isNaN(rounded)) return '(Infinity - Infinity)'
      if (Object.is(rounded, -0)) return '(-1 / Infinity)'
      if (!Number.isFinite(rounded)) return rounded > 0 ? 'Infinity' : '(-1 * Infinity)'
      return rounded < 0 ? `(${rounded})` : String(rounded)
    },
    operation: (node, text) => {
      switch (node.kind) {
        case 'unary':
          return node.op === 'binade' ? `fbinade(${text(node.a)})` : `Math.${node.op}(${text(node.a)})`
        case 'binary': {
          const [a, b] = [text(node.a), text(node.b)]
          if (node.op === 'min') return `${b} < ${a} ? ${b} : ${a}`
          if (node.op === 'max') return `${a} < ${b} ? ${b} : ${a}`
          return `${a} ${{ add: '+', sub: '-', mul: '*', div: '/' }[node.op]} ${b}`
        }
        case 'less':
          return `${text(node.a)} < ${text(node.b)} ? ${text(node.yes)} : ${text(node.no)}`
      }
    },
    larger: (m, x) => `${m} < ${x} ? ${x} : ${m}`,
  } satisfies Dialect)

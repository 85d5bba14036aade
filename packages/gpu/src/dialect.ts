// How a formula's operations are written for a mode of gpu.js, whose kernels are a subset of JavaScript.
// Comes in: nodes of a graph. Goes out: source text. Source: docs/design/08-gpu.md; the meaning of the nodes
// is packages/core/src/evaluate.ts.

import { wgslDialect, type Dialect } from '@lotion/core/internal'

/** Calls of the functions in WGSL, by the names that gpu.js knows them by. */
export const callingDialect: Dialect = wgslDialect({ call: (name) => name, number: String })

/** A dialect of gpu.js. */
export interface KernelDialect extends Dialect {
  /** Numbers reach a kernel as the whole number of their bits, by this name; else as they are. */
  readonly fromBits?: string
}

const bits = new DataView(new ArrayBuffer(4))

/** The bits of a number rounded to f32, as a whole number. */
export function bitsOf(value: number): number {
  bits.setFloat32(0, value)
  return bits.getInt32(0)
}

const select = (a: string, b: string, yes: string, no: string): string => `fselect(${a}, ${b}, ${yes}, ${no})`

/** Functions of `glslFunctions`; numbers come in bits: gpu.js's text and uniforms lose the sign of 0. */
export const glslDialect: KernelDialect = Object.freeze({
  literal: (value) => `unbits(${bitsOf(value)})`,
  operation: (node, text) => {
    if (node.kind === 'less') return select(text(node.a), text(node.b), text(node.yes), text(node.no))
    if (node.kind === 'binary' && (node.op === 'min' || node.op === 'max')) {
      const [a, b] = [text(node.a), text(node.b)]
      return node.op === 'min' ? select(b, a, b, a) : select(a, b, b, a)
    }
    return callingDialect.operation(node, text)
  },
  larger: (m, x) => select(m, x, x, m),
  fromBits: 'unbits',
} satisfies KernelDialect)

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

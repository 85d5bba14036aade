// Emits WGSL programs of tfjs's webgpu backend from a formula's graph. Comes in: the nodes wanted, and those
// that buffers hold. Goes out: source text and what it reads. Source: docs/design/09-tfjs.md; the functions
// are core's `wgslArithmetic`.

import type { LaneNode, ReductionRule } from '@lotion/core'
import { argument, isHigher, reachable, wgslArithmetic, wgslDialect } from '@lotion/core/internal'
import { blockIndexCode, type LayoutKind } from './block-index.js'

/** Where a node's values lie: in which buffer, and at which place of those that share it. */
export interface Place {
  readonly buffer: number
  readonly slot: number
}

/** What text depends on besides the nodes. */
export interface Known {
  readonly layout: LayoutKind
  /** Inputs that are one number for all weights: uniforms. */
  readonly numbers: ReadonlySet<string>
  /** Nodes that were computed before, inputs included. */
  readonly places: ReadonlyMap<LaneNode, Place>
}

/** A program as text; it names it, too. */
export interface ProgramText {
  readonly source: string
  /** Buffers by number, in order: variable `AN`. */
  readonly buffers: readonly number[]
  /** Inputs by name, in order: uniform `sN`. */
  readonly scalars: readonly string[]
}

/** How many values a buffer has for a node. */
const slotUniform = { element: 'uniforms.weights', block: 'uniforms.blocks' } as const

const dialect = wgslDialect({ call: (name) => `fn_${name}`, number: (value) => `${value}f` })
/** Quotients and roots by integers: correctly rounded, where WGSL promises 2.5 to about 5 ulp. */
const arithmetic = wgslArithmetic({
  exact: false,
  exactDivision: true,
  exactRoot: true,
  zero: 'uniforms.zero',
})

/** Values for each weight, each block or the call: all of the first root, then all of the second. */
export function emitValues(
  roots: readonly LaneNode[],
  over: 'element' | 'block' | 'call',
  known: Known,
): ProgramText {
  const text = new ProgramWriter(known)
  const block = { element: 'block_of(index)', block: 'index', call: '0' }[over]
  text.line(`let i = index;`, `let b = ${block};`)
  text.define(roots, 'element')
  roots.forEach((root, k) => text.line(`result[index + ${k} * uniforms.count] = ${text.value(root)};`))
  return text.program()
}

/** What is reduced at once: maxima or sums, of blocks or of the tensor as one. */
export interface Reduction {
  readonly how: ReductionRule['keeps']
  readonly over: 'block' | 'tensor'
}

/**
 * A reduction of each span of each block; invocation t takes span t mod `parts` of block ⌊t / parts⌋. A sum
 * keeps what each addition rounds off, and adds it in the end. Source: T. Ogita, S. M. Rump, S. Oishi,
 * "Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005), Sum2.
 */
export function emitReduction(of: readonly LaneNode[], { how, over }: Reduction, known: Known): ProgramText {
  const text = new ProgramWriter(known)
  const count = over === 'block' ? 'count_of(group)' : 'uniforms.weights'
  const zero = dialect.literal(0)
  text.line('let group = index / uniforms.parts;', 'let first = (index % uniforms.parts) * uniforms.span;')
  text.line(`let span = min(${count} - first, uniforms.span);`)
  of.forEach((_, k) => text.line(`var m${k} = ${zero};`, `var c${k} = ${zero};`))
  if (over === 'block') text.line('let b = group;')
  text.define(of, over === 'block' ? 'block' : 'call')
  text.line('for (var k = 0; k < span; k++) {')
  text.line(over === 'block' ? 'let i = weight_of(b, first + k);' : 'let i = first + k;')
  if (over === 'tensor') text.line('let b = block_of(i);')
  text.define(of, 'element')
  of.forEach((node, k) => {
    const x = text.value(node)
    if (how === 'max') text.line(`m${k} = ${dialect.larger(`m${k}`, x)};`)
    else
      text.line(
        `let t${k} = fn_fadd(m${k}, ${x});`,
        `c${k} = fn_fadd(c${k}, lost(m${k}, ${x}, t${k}));`,
        `m${k} = t${k};`,
      )
  })
  text.line('}')
  of.forEach((_, k) =>
    text.line(`result[index + ${k} * uniforms.count] = ${how === 'max' ? `m${k}` : `mended(m${k}, c${k})`};`),
  )
  return text.program()
}

/** What a sum t = a + b rounds off, and a sum with it; one that is not finite has nothing to add. */
const SUMS = `
fn lost(a : f32, b : f32, t : f32) -> f32 {
  let z = fn_fsub(t, a);
  return fn_fadd(fn_fsub(a, fn_fsub(t, z)), fn_fsub(b, z));
}
fn mended(s : f32, c : f32) -> f32 {
  if ((bitcast<u32>(c) & INF) == INF) { return s; }
  return fn_fadd(s, c);
}
`

class ProgramWriter {
  private readonly lines: string[] = []
  private readonly buffers: number[] = []
  private readonly scalars: string[] = []
  private readonly defined = new Set<LaneNode>()

  constructor(private readonly known: Known) {}

  line(...lines: readonly string[]): void {
    this.lines.push(...lines)
  }

  /** Define what the roots need and is not yet, up to a rate. */
  define(roots: readonly LaneNode[], upTo: 'call' | 'block' | 'element'): void {
    for (const node of reachable(roots, (each) => this.known.places.has(each))) {
      if (this.defined.has(node) || node.kind === 'literal') continue
      if (isHigher(node.rate, upTo)) continue
      this.defined.add(node)
      this.line(`let n${node.id} = ${this.expression(node)};`)
    }
  }

  value(node: LaneNode): string {
    return node.kind === 'literal' ? dialect.literal(node.value) : `n${node.id}`
  }

  program(): ProgramText {
    const source = [
      arithmetic,
      SUMS,
      blockIndexCode[this.known.layout],
      'fn main(index : i32) {',
      'if (index >= uniforms.count) { return; }',
      ...this.lines,
      '}',
    ].join('\n')
    return { source, buffers: this.buffers, scalars: this.scalars }
  }

  private expression(node: LaneNode): string {
    if (node.kind === 'input' && this.known.numbers.has(node.name))
      return `uniforms.s${argument(this.scalars, node.name)}`
    const place = this.known.places.get(node)
    if (place) {
      const at = node.rate === 'element' ? 'i' : node.rate === 'block' ? 'b' : '0'
      const one = node.rate === 'element' || node.rate === 'block' ? slotUniform[node.rate] : '1'
      return `A${argument(this.buffers, place.buffer)}[${at} + ${place.slot} * ${one}]`
    }
    if (node.kind === 'unary' || node.kind === 'binary' || node.kind === 'less')
      return dialect.operation(node, (operand) => this.value(operand))
    throw new Error(`node ${node.id}: a ${node.kind} is read before it is known`)
  }
}

// Emits passes over a formula's graph as sources of gpu.js kernels. Comes in: a graph, the nodes wanted, a
// dialect. Goes out: source text and the arguments it takes. Source: docs/design/08-gpu.md; the order of sums
// is `sumInOrder`.

import type { LaneNode } from '@lotion/core'
import { argument, isReduction, reachable, SUM_CHUNK } from '@lotion/core/internal'
import type { KernelDialect } from './dialect.js'
import type { BlockIndex } from './block-index.js'

/** What a kernel's argument stands for: an input, or a node that was computed before. */
export type Leaf = LaneNode

/** A kernel as text. */
export interface KernelText {
  readonly source: string
  /** Arrays, in order: argument `aN`, by a node whose values it holds. */
  readonly arrays: readonly Leaf[]
  /** Nodes read from arrays, in order: at `dN · index + oN`, if arrays may be parts of others. */
  readonly places: readonly Leaf[]
  /** Numbers, in order: argument `sN`. */
  readonly scalars: readonly Leaf[]
  /** Names of whole numbers, in order. */
  readonly wholes: readonly string[]
}

/** How kernels are written for a mode. */
export interface Style {
  readonly dialect: KernelDialect
  /** Arrays may be parts of others: their places are arguments too. */
  readonly strided: boolean
  /** A statement that every kernel starts with. */
  readonly prelude: string
  readonly index: BlockIndex
  /** Inputs that are a number for all weights, or a number a call. */
  readonly isNumber: (leaf: Leaf) => boolean
  /** Nodes beyond inputs and reductions that were computed before, and the array that holds them. */
  readonly packed: ReadonlyMap<LaneNode, string>
}

/** One to four values for each index: of a weight, a block or the call. */
export function emitValues(
  roots: readonly LaneNode[],
  over: 'element' | 'block' | 'call',
  style: Style,
): KernelText {
  const text = new KernelWriter(style)
  const i = 'this.thread.x'
  const block = over === 'element' ? style.index.block(i) : over === 'block' ? i : '0'
  text.define(roots, i, block)
  const values = roots.map((node) => text.value(node))
  return text.kernel(`return ${values.length === 1 ? values[0]! : `[${values.join(', ')}]`}`)
}

/** A value for each weight in f64, as three f32 whose sum it is. */
export function emitSplitValue(root: LaneNode, style: Style): KernelText {
  const text = new KernelWriter(style)
  text.define([root], 'this.thread.x', style.index.block('this.thread.x'))
  text.line(`const whole = ${text.value(root)}`)
  text.line('const high = Math.fround(whole)', 'const middle = Math.fround(whole - high)')
  return text.kernel('return [high, middle, whole - high - middle]')
}

/**
 * The maximum over each span of each block, or of the tensor as one block; invocation t takes span t mod
 * `parts` of block ⌊t / parts⌋.
 */
export function emitMaximum(of: LaneNode, over: 'block' | 'tensor', style: Style): KernelText {
  const text = new KernelWriter(style)
  const { larger, literal } = style.dialect
  const tensor = over === 'tensor'
  const b = tensor ? '0' : 'quotient(this.thread.x, parts)'
  const from = tensor ? 'this.thread.x * span' : `(this.thread.x - ${b} * parts) * span`
  const weight = tensor ? `(${from} + k)` : style.index.weight(b, `(${from} + k)`)
  text.whole(...(tensor ? ['weights', 'span'] : ['parts', 'span']))
  text.define([of], undefined, tensor ? undefined : b)
  text.line(`const count = limited(${tensor ? 'weights' : style.index.count(b)} - ${from}, span)`)
  text.line(`let m = ${literal(0)}`, 'for (let k = 0; k < count; k++) {')
  text.define([of], weight, tensor ? style.index.block(weight) : b)
  text.line(`m = ${larger('m', text.value(of))}`, '}')
  return text.kernel('return m')
}

/** The double sum of every fourth value of each chunk of each block, in three parts; needs WGSL. */
export function emitPartialSums(of: LaneNode, style: Style): KernelText {
  const text = new KernelWriter(style)
  const b = 'quotient(this.thread.x, parts)'
  const from = `((this.thread.x - ${b} * parts) >> 2) * ${SUM_CHUNK}`
  text.whole('parts')
  text.define([of], undefined, b)
  text.line(`const count = limited(${style.index.count(b)} - ${from}, ${SUM_CHUNK}) - (this.thread.x & 3)`)
  text.line('let s = sumClear(unbits(0))', 'for (let k = 0; k * 4 < count; k++) {')
  text.define([of], style.index.weight(b, `(${from} + (this.thread.x & 3) + k * 4)`), b)
  text.line(`s = sumSingle(${text.value(of)})`, '}')
  return text.kernel('return [sumPart(0), sumPart(1), sumPart(2)]')
}

class KernelWriter {
  private readonly lines: string[] = []
  private readonly arrays: Leaf[] = []
  private readonly places: Leaf[] = []
  private readonly scalars: Leaf[] = []
  private readonly wholes: string[] = []
  private readonly defined = new Set<LaneNode>()

  constructor(private readonly style: Style) {
    this.whole(...Object.keys(style.index.numbers))
  }

  whole(...names: readonly string[]): void {
    names.forEach((name) => this.wholes.includes(name) || this.wholes.push(name))
  }

  line(...lines: readonly string[]): void {
    this.lines.push(...lines)
  }

  /** Define what the roots need and is not yet; without a weight or block, only what depends on none. */
  define(roots: readonly LaneNode[], weight: string | undefined, block: string | undefined): void {
    for (const node of reachable(roots, (each) => isReduction(each) || this.style.packed.has(each))) {
      if (this.defined.has(node) || node.kind === 'literal') continue
      if (node.rate === 'element' && weight === undefined) continue
      if (node.rate === 'block' && block === undefined) continue
      this.defined.add(node)
      this.line(`const n${node.id} = ${this.expression(node, weight ?? '0', block ?? '0')}`)
    }
  }

  value(node: LaneNode): string {
    return node.kind === 'literal' ? this.style.dialect.literal(node.value) : `n${node.id}`
  }

  kernel(result: string): KernelText {
    const { arrays, places, scalars, wholes, style } = this
    const names = [
      ...arrays.map((_, n) => `a${n}`),
      ...(style.strided ? places.flatMap((_, n) => [`d${n}`, `o${n}`]) : []),
      ...scalars.map((_, n) => `s${n}`),
      ...wholes,
    ]
    const body = [...(style.prelude ? [style.prelude] : []), ...this.lines, result]
    return {
      source: `function (${names.join(', ')}) {\n${body.join('\n')}\n}`,
      arrays,
      places,
      scalars,
      wholes,
    }
  }

  private expression(node: LaneNode, weight: string, block: string): string {
    if (node.kind === 'input' || isReduction(node) || this.style.packed.has(node))
      return this.leaf(node, node.rate === 'element' ? weight : node.rate === 'block' ? block : '0')
    if (node.kind === 'literal') return this.value(node)
    return this.style.dialect.operation(node, (operand) => this.value(operand))
  }

  private leaf(leaf: Leaf, at: string): string {
    if (this.style.isNumber(leaf)) {
      const name = `s${argument(this.scalars, leaf)}`
      const { fromBits } = this.style.dialect
      return fromBits ? `${fromBits}(${name})` : name
    }
    const pack = this.style.packed.get(leaf)
    const same =
      pack === undefined ? -1 : this.arrays.findIndex((other) => this.style.packed.get(other) === pack)
    const array = `a${same >= 0 ? same : argument(this.arrays, leaf)}`
    const place = argument(this.places, leaf)
    return this.style.strided ? `${array}[${at} * d${place} + o${place}]` : `${array}[${at}]`
  }
}

// Emits a formula's graph as plain JavaScript: loops over blocks, values hoisted by rate, reductions fused in.
// Comes in: a graph and the stage to emit. Goes out: the body of a function. Source: docs/design/02-lanes.md.

import { BINADE_JS } from '../numbers/binade.js'
import { SUM_CHUNK } from '../numbers/sums.js'
import { operandsOf, reachable, type LaneGraph, type LaneNode, type Rate } from '../lanes/lane.js'
import { isTotal, type TotalNode } from '../lanes/totals.js'

/** A formula as source text, with the order of its arguments. */
export interface JsProgram {
  /** Body of a function (arrays, scalars, outputs, layout) → sums. */
  readonly source: string
  /** Names read from `arrays`, in order. */
  readonly arrays: readonly string[]
  /** Names read from `scalars`, in order: inputs, then `total:NAME` of earlier stages. */
  readonly scalars: readonly string[]
  /** Names written to `outputs`, in order. */
  readonly outputs: readonly string[]
  /** Names of the totals whose parts are returned, in order. */
  readonly totals: readonly string[]
}

/**
 * Emit one pass over the weights: `goal` is totals of one stage (see `totalStages`), or `'outputs'`. In f32 every rounding operation is followed by
 * `Math.fround`, which makes it the correctly rounded f32 operation; in f64 nothing is added.
 */
export function emitJs(
  graph: LaneGraph,
  goal: 'outputs' | readonly TotalNode[],
  arithmetic: 'f64' | 'f32' = 'f32',
): JsProgram {
  return new JsEmitter(graph, goal, arithmetic).program()
}

type ReduceNode = LaneNode & { readonly kind: 'reduce' }

/** Reductions that share a loop. */
type Level = { readonly sums: ReduceNode[]; readonly maxima: ReduceNode[] }

class JsEmitter {
  private readonly lines: string[] = []
  private readonly arrays: string[] = []
  private readonly scalars: string[] = []
  private readonly outputNames: readonly string[]
  private readonly goals: readonly LaneNode[]
  private readonly blockDepth = new Map<LaneNode, number>()
  private readonly tensorDepth = new Map<LaneNode, number>()
  /** Tensor reductions by depth: a pass over all weights each. */
  private readonly tensorLevels: Level[] = []
  private readonly all: readonly LaneNode[]

  constructor(
    private readonly graph: LaneGraph,
    private readonly goal: 'outputs' | readonly TotalNode[],
    private readonly arithmetic: 'f64' | 'f32',
  ) {
    this.outputNames = goal === 'outputs' ? Object.keys(graph.outputs) : []
    this.goals = goal === 'outputs' ? Object.values(graph.outputs) : goal.map((total) => total.of)
    // Totals are known before the program runs: leaves.
    this.all = reachable(this.goals, isTotal)
    for (const node of this.all) this.measure(node)
  }

  program(): JsProgram {
    const totals = this.goal === 'outputs' ? [] : this.goal
    this.defineCallValues(0)
    this.tensorLevels.forEach((level, index) => {
      const bodies = [...level.sums, ...level.maxima].map((node) => node.of)
      level.maxima.forEach((node) => this.lines.push(`let n${node.id} = 0`))
      this.pass(bodies, level.sums, () => this.loop(bodies, sumsOf(level), () => this.raise(level)))
      level.sums.forEach((node) => this.lines.push(`const n${node.id} = ${this.rounded(`t${node.id}`)}`))
      this.defineCallValues(index + 1)
    })
    this.pass(this.goals, totals, () =>
      this.goal === 'outputs'
        ? this.store()
        : this.loop(this.goals, sumsOf({ sums: totals }), () => undefined),
    )
    this.outputNames.forEach((name, index) => {
      const node = this.graph.outputs[name]!
      if (node.rate === 'call' || node.rate === 'literal') this.lines.push(`y${index}[0] = n${node.id}`)
    })
    this.lines.push(`return [${totals.map((node) => `t${node.id}`).join(', ')}]`)
    return {
      source: [
        `'use strict'`,
        ...(this.arithmetic === 'f32' ? ['const fround = Math.fround'] : []),
        ...(this.all.some((node) => node.kind === 'unary' && node.op === 'binade') ? [BINADE_JS] : []),
        'const { outer, length, inner, size } = layout',
        ...this.arrays.map((_, i) => `const x${i} = arrays[${i}]`),
        ...this.outputNames.map((_, i) => `const y${i} = outputs[${i}]`),
        ...this.lines,
      ].join('\n'),
      arrays: this.arrays,
      scalars: this.scalars,
      outputs: this.outputNames,
      totals: totals.map((node) => node.name),
    }
  }

  /** Define what is one value a call, from inputs, totals and the tensor reductions of lower depth. */
  private defineCallValues(depth: number): void {
    for (const node of this.all) {
      const known = node.rate === 'literal' || node.rate === 'call'
      if (known && this.tensorDepth.get(node) === depth && !isTensorReduction(node)) this.define(node)
    }
  }

  /** All blocks in order: reductions of each block level by level, then `last`; `sums` add up the blocks' b into t. */
  private pass(goals: readonly LaneNode[], sums: readonly ReduceNode[], last: () => void): void {
    const needed = reachable(goals, (node) => node.rate === 'call')
    const levels: Level[] = []
    for (const node of needed.filter(isBlockReduction)) {
      const level = (levels[this.blockDepth.get(node)! - 1] ??= { sums: [], maxima: [] })
      ;(node.how === 'blockMax' ? level.maxima : level.sums).push(node)
    }
    sums.forEach((node) => this.lines.push(`let t${node.id} = 0`))
    this.lines.push('{', 'let block = 0')
    this.lines.push('for (let o = 0; o < outer; o++) for (let start = 0; start < length; start += size) {')
    this.lines.push('const count = Math.min(size, length - start)')
    this.lines.push('for (let lane = 0; lane < inner; lane++, block++) {')
    this.lines.push('const base = (o * length + start) * inner + lane')
    levels.forEach((level, index) => {
      const bodies = [...level.sums, ...level.maxima].map((node) => node.of)
      level.maxima.forEach((node) => this.lines.push(`let n${node.id} = 0`))
      this.loop(bodies, sumsOf(level), () => this.raise(level))
      level.sums.forEach((node) => this.lines.push(`const n${node.id} = ${this.rounded(`b${node.id}`)}`))
      for (const node of needed) {
        if (node.rate === 'block' && !isBlockReduction(node) && this.blockDepth.get(node) === index + 1)
          this.define(node)
      }
    })
    last()
    sums.forEach((node) => this.lines.push(`t${node.id} += b${node.id}`))
    this.lines.push('}', '}', '}')
  }

  /** Store the outputs: those per weight in a last loop over the block's weights. */
  private store(): void {
    const stored = (rate: Rate, at: string): string[] =>
      this.goals.flatMap((node, index) => (node.rate === rate ? [`y${index}[${at}] = n${node.id}`] : []))
    const perWeight = this.goals.filter((node) => node.rate === 'element')
    if (perWeight.length > 0) this.loop(perWeight, [], () => this.lines.push(...stored('element', 'i')))
    // After the weights: with blocks of one weight this array may be one of the inputs.
    this.lines.push(...stored('block', 'block'))
  }

  /** Take this weight's values into maxima. */
  private raise({ maxima }: Level): void {
    for (const { id, of } of maxima) this.lines.push(`if (n${id} < n${of.id}) n${id} = n${of.id}`)
  }

  /** A loop over the block's weights that computes `roots` and adds up `sums` in the order of `sumInOrder`. */
  private loop(
    roots: readonly LaneNode[],
    sums: readonly { name: string; of: LaneNode }[],
    then: () => void,
  ): void {
    const chunked = sums.length > 0
    const span = chunked ? 'chunk' : 'count'
    sums.forEach(({ name }) => this.lines.push(`let ${name} = 0`))
    if (chunked) {
      this.lines.push(`for (let from = 0; from < count; from += ${SUM_CHUNK}) {`)
      this.lines.push(`const chunk = Math.min(${SUM_CHUNK}, count - from), at = base + from * inner`)
      sums.forEach(({ name }) =>
        this.lines.push(`let ${['p', 'q', 'u', 'v'].map((s) => `${s}${name} = 0`).join(', ')}`),
      )
    }
    this.lines.push(`for (let k = 0, i = ${chunked ? 'at' : 'base'}; k < ${span}; k++, i += inner) {`)
    const local = reachable(roots, (node) => node.rate !== 'element').filter(
      (node) => node.rate === 'element',
    )
    local.forEach((node) => this.define(node))
    // Rotating four accumulators keeps the pairs (first, third) and (second, fourth) together whatever the count.
    sums.forEach(({ name, of }) =>
      this.lines.push(
        `{ const next = p${name} + n${of.id}; p${name} = q${name}; q${name} = u${name}; u${name} = v${name}; v${name} = next }`,
      ),
    )
    then()
    this.lines.push('}')
    if (chunked) {
      sums.forEach(({ name }) => this.lines.push(`${name} += (p${name} + u${name}) + (q${name} + v${name})`))
      this.lines.push('}')
    }
  }

  private define(node: LaneNode): void {
    const text = this.expression(node)
    this.lines.push(`const n${node.id} = ${text}`)
  }

  private expression(node: LaneNode): string {
    switch (node.kind) {
      case 'literal':
        return this.rounded(literal(node.value))
      case 'input':
        if (node.rate === 'element') return `x${position(this.arrays, node.name)}[i]`
        return this.rounded(`scalars[${position(this.scalars, node.name)}]`)
      case 'reduce':
        return this.rounded(`scalars[${position(this.scalars, `total:${node.name}`)}]`)
      case 'unary':
        if (node.op === 'sqrt') return this.rounded(`Math.sqrt(n${node.a.id})`)
        return node.op === 'binade' ? `binade(n${node.a.id})` : `Math.${node.op}(n${node.a.id})`
      case 'binary': {
        const [a, b] = [`n${node.a.id}`, `n${node.b.id}`]
        if (node.op === 'min') return `${b} < ${a} ? ${b} : ${a}`
        if (node.op === 'mul' && isMinusOne(node.b)) return `-${a}`
        if (node.op === 'max') return `${a} < ${b} ? ${b} : ${a}`
        return this.rounded(`${a} ${{ add: '+', sub: '-', mul: '*', div: '/' }[node.op]} ${b}`)
      }
      case 'less':
        return `n${node.a.id} < n${node.b.id} ? n${node.yes.id} : n${node.no.id}`
    }
  }

  private rounded(text: string): string {
    return this.arithmetic === 'f32' ? `fround(${text})` : text
  }

  /** Depth: how many nested reductions, of blocks or of the tensor, a value needs. Those of one depth share a loop. */
  private measure(node: LaneNode): void {
    const operands = isTotal(node) ? [] : operandsOf(node)
    const deepest = (depth: ReadonlyMap<LaneNode, number>): number =>
      Math.max(0, ...operands.map((operand) => depth.get(operand)!))
    const [block, tensor] = [deepest(this.blockDepth), deepest(this.tensorDepth)]
    this.blockDepth.set(node, node.rate === 'call' ? 0 : isBlockReduction(node) ? block + 1 : block)
    this.tensorDepth.set(node, isTensorReduction(node) ? tensor + 1 : tensor)
    if (!isTensorReduction(node)) return
    const level = (this.tensorLevels[tensor] ??= { sums: [], maxima: [] })
    ;(node.how === 'tensorMax' ? level.maxima : level.sums).push(node)
  }
}

/** The accumulators of a loop: the block's part of each sum. */
function sumsOf({ sums }: { readonly sums: readonly ReduceNode[] }) {
  return sums.map((node) => ({ name: `b${node.id}`, of: node.of }))
}

/** Changing the sign is exact: it needs no rounding. */
function isMinusOne(node: LaneNode): boolean {
  return node.kind === 'literal' && node.value === -1
}

function isBlockReduction(node: LaneNode): node is ReduceNode {
  return node.kind === 'reduce' && (node.how === 'blockMax' || node.how === 'blockSum')
}

function isTensorReduction(node: LaneNode): node is ReduceNode {
  return node.kind === 'reduce' && (node.how === 'tensorMax' || node.how === 'tensorSum')
}

function position(names: string[], name: string): number {
  const at = names.indexOf(name)
  return at >= 0 ? at : names.push(name) - 1
}

function literal(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return Object.is(value, -0) ? '-0' : String(value)
}

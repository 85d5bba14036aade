// Emits a formula's graph as plain JavaScript: loops over blocks, values hoisted by rate, reductions fused
// in. Comes in: a graph and the stage to emit. Goes out: the body of a function.
// Source: docs/design/02-lanes.md.

import {
  isOnce,
  reachable,
  type LaneGraph,
  type LaneNode,
  type Rate,
  type ReduceNode,
  type TotalNode,
} from '../lanes/node.js'
import { binadeScript } from '../numbers/binade.js'
import { SUM_CHUNK } from '../numbers/sums.js'
import { levelsOf, type Level } from '../schedule/levels.js'
import { argument } from './argument.js'

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
 * Emit one pass over the weights: `goal` is totals of one stage (see `totalStages`), or `'outputs'`. In f32
 * every rounding operation is followed by `Math.fround`, which makes it the correctly rounded f32 operation;
 * in f64 nothing is added.
 */
export function emitJs(
  graph: LaneGraph,
  goal: 'outputs' | readonly TotalNode[],
  arithmetic: 'f64' | 'f32' = 'f32',
): JsProgram {
  return new JsEmitter(graph, goal, arithmetic).program()
}

class JsEmitter {
  private readonly lines: string[] = []
  private readonly arrays: string[] = []
  private readonly scalars: string[] = []
  private readonly outputNames: readonly string[]
  private readonly goals: readonly LaneNode[]

  constructor(
    private readonly graph: LaneGraph,
    private readonly goal: 'outputs' | readonly TotalNode[],
    private readonly arithmetic: 'f64' | 'f32',
  ) {
    this.outputNames = goal === 'outputs' ? Object.keys(graph.outputs) : []
    this.goals = goal === 'outputs' ? Object.values(graph.outputs) : goal.map((total) => total.of)
  }

  program(): JsProgram {
    const totals = this.goal === 'outputs' ? [] : this.goal
    // A pass over all weights a level of the tensor's reductions; totals are known before the program runs.
    const { nodes, before, levels } = levelsOf(this.goals, ['tensor'])
    before.forEach((node) => this.define(node))
    for (const level of levels) {
      this.openMaxima(level)
      this.pass(bodiesOf(level), level.sums, () => this.reduce(level))
      this.settle(level, 't')
    }
    this.pass(this.goals, totals, () =>
      this.goal === 'outputs' ? this.store() : this.loop(this.goals, totals, () => undefined),
    )
    this.outputNames.forEach((name, index) => {
      const node = this.graph.outputs[name]!
      if (isOnce(node)) this.lines.push(`y${index}[0] = n${node.id}`)
    })
    this.lines.push(`return [${totals.map((node) => `t${node.id}`).join(', ')}]`)
    return {
      source: [
        `'use strict'`,
        ...(this.arithmetic === 'f32' ? ['const fround = Math.fround'] : []),
        ...(nodes.some((node) => node.kind === 'unary' && node.op === 'binade') ? [binadeScript] : []),
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

  private openMaxima({ maxima }: Level): void {
    maxima.forEach(({ id }) => this.lines.push(`let n${id} = 0`))
  }

  /** The reductions of a level over the current block: maxima are n, sums b. */
  private reduce(level: Level): void {
    this.loop(bodiesOf(level), level.sums, () => {
      for (const { id, of } of level.maxima) this.lines.push(`if (n${id} < n${of.id}) n${id} = n${of.id}`)
    })
  }

  /** What follows a level: its sums, rounded, and the values that waited for it. */
  private settle(level: Level, sum: 't' | 'b'): void {
    level.sums.forEach(({ id }) => this.lines.push(`const n${id} = ${this.rounded(`${sum}${id}`)}`))
    level.values.forEach((node) => this.define(node))
  }

  /** All blocks in order: each one's reductions level by level, then `last`; `sums` add its b to t. */
  private pass(goals: readonly LaneNode[], sums: readonly ReduceNode[], last: () => void): void {
    sums.forEach((node) => this.lines.push(`let t${node.id} = 0`))
    this.lines.push('{', 'let block = 0')
    this.lines.push('for (let o = 0; o < outer; o++) for (let start = 0; start < length; start += size) {')
    this.lines.push('const count = Math.min(size, length - start)')
    this.lines.push('for (let lane = 0; lane < inner; lane++, block++) {')
    this.lines.push('const base = (o * length + start) * inner + lane')
    for (const level of levelsOf(goals, ['block'], isOnce).levels) {
      this.openMaxima(level)
      this.reduce(level)
      this.settle(level, 'b')
    }
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

  /** A loop over the block's weights that computes `roots` and adds up `sums` in `sumInOrder`'s order. */
  private loop(roots: readonly LaneNode[], sums: readonly ReduceNode[], then: () => void): void {
    const chunked = sums.length > 0
    const span = chunked ? 'chunk' : 'count'
    sums.forEach(({ id }) => this.lines.push(`let b${id} = 0`))
    if (chunked) {
      this.lines.push(`for (let from = 0; from < count; from += ${SUM_CHUNK}) {`)
      this.lines.push(`const chunk = Math.min(${SUM_CHUNK}, count - from), at = base + from * inner`)
      sums.forEach(({ id }) => this.lines.push(`let pb${id} = 0, qb${id} = 0, ub${id} = 0, vb${id} = 0`))
    }
    this.lines.push(`for (let k = 0, i = ${chunked ? 'at' : 'base'}; k < ${span}; k++, i += inner) {`)
    const local = reachable(roots, (node) => node.rate !== 'element').filter(
      (node) => node.rate === 'element',
    )
    local.forEach((node) => this.define(node))
    // Rotating four accumulators keeps the pairs (first, third) and (second, fourth) together whatever the
    // count.
    sums.forEach(({ id, of }) =>
      this.lines.push(
        `{ const next = pb${id} + n${of.id}; pb${id} = qb${id}; qb${id} = ub${id}; ub${id} = vb${id}; vb${id} = next }`,
      ),
    )
    then()
    this.lines.push('}')
    if (chunked) {
      sums.forEach(({ id }) => this.lines.push(`b${id} += (pb${id} + ub${id}) + (qb${id} + vb${id})`))
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
        if (node.rate === 'element') return `x${argument(this.arrays, node.name)}[i]`
        return this.rounded(`scalars[${argument(this.scalars, node.name)}]`)
      case 'reduce':
        return this.rounded(`scalars[${argument(this.scalars, `total:${node.name}`)}]`)
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
}

/** What a level combines: maxima last. */
function bodiesOf({ sums, maxima }: Level): readonly LaneNode[] {
  return [...sums, ...maxima].map(({ of }) => of)
}

/** Changing the sign is exact: it needs no rounding. */
function isMinusOne(node: LaneNode): boolean {
  return node.kind === 'literal' && node.value === -1
}

function literal(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return Object.is(value, -0) ? '-0' : String(value)
}

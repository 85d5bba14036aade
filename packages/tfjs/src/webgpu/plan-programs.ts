// Which programs a formula takes on tfjs's webgpu backend, in order. Comes in: a graph and the stages of its
// totals. Goes out: programs as text with the buffers they read and write. Source: docs/design/09-tfjs.md.

import { levelsOf, laneReductions, type LaneGraph, type LaneNode } from '@lotion/core'
import { frontier, totalsOf, isTotal } from '@lotion/core/internal'
import type { LayoutKind } from './block-index.js'
import {
  emitReduction,
  emitValues,
  type Known,
  type Place,
  type ProgramText,
  type Reduction,
} from './emit-program.js'

/** A program, and the buffer that it fills. */
export interface PlanStep {
  readonly text: ProgramText
  readonly buffer: number
  /** How many nodes it computes. */
  readonly slots: number
  readonly over: 'element' | 'block' | 'call' | Reduction
}

/** What is run for a formula. */
export interface ProgramPlan {
  /** Inputs that are tensors, and the buffers that stand for them. */
  readonly inputs: ReadonlyMap<string, number>
  /** Totals of earlier stages by name, and the buffers that stand for them. */
  readonly totals: ReadonlyMap<string, number>
  /** For each stage the programs that lead to its totals; a last one for the outputs. */
  readonly stages: readonly (readonly PlanStep[])[]
  /** For each stage the buffers whose values are parts of totals. */
  readonly parts: readonly (readonly (readonly [name: string, buffer: number])[])[]
  readonly outputs: ReadonlyMap<string, number>
}

/** Plan a formula; `stages` are its totals' names by stage, `numbers` the inputs that are one number. */
export function planPrograms(
  graph: LaneGraph,
  layout: LayoutKind,
  numbers: ReadonlySet<string>,
  stages: readonly (readonly string[])[],
): ProgramPlan {
  return new Planner(graph, layout, numbers).plan(stages)
}

class Planner {
  private readonly places = new Map<LaneNode, Place>()
  private readonly known: Known
  private readonly inputs = new Map<string, number>()
  private readonly totals = new Map<string, number>()
  private buffers = 0
  private steps: PlanStep[] = []

  constructor(
    private readonly graph: LaneGraph,
    layout: LayoutKind,
    numbers: ReadonlySet<string>,
  ) {
    this.known = { layout, numbers, places: this.places }
    for (const node of graph.nodes) {
      if (node.kind === 'input' && !numbers.has(node.name)) this.place(node, this.inputs, node.name)
      if (isTotal(node)) this.place(node, this.totals, node.name)
    }
  }

  plan(stages: readonly (readonly string[])[]): ProgramPlan {
    const parts: (readonly (readonly [string, number])[])[] = []
    const planned = stages.map((names) =>
      this.taken(() => {
        const totals = totalsOf(this.graph).filter(({ name }) => names.includes(name))
        totals.forEach(({ of }) => this.prepare([of]))
        parts.push(
          totals.map(({ name, of }) => [name, this.reduce([of], { how: 'sum', over: 'tensor' })] as const),
        )
      }),
    )
    const outputs = new Map<string, number>()
    const last = this.taken(() => {
      const wanted = Object.entries(this.graph.outputs)
      this.prepare(wanted.map(([, node]) => node))
      // Operands first: an output that another is computed from is read, not computed again.
      for (const [name, node] of wanted.toSorted(([, a], [, b]) => a.id - b.id)) {
        const buffer = this.values([node], rateOf(node))
        outputs.set(name, buffer)
        if (!this.places.has(node) && node.kind !== 'literal') this.places.set(node, { buffer, slot: 0 })
      }
    })
    return {
      inputs: this.inputs,
      totals: this.totals,
      stages: [...planned, last],
      parts: [...parts, []],
      outputs,
    }
  }

  /** The steps that a function adds. */
  private taken(add: () => void): readonly PlanStep[] {
    this.steps = []
    add()
    return this.steps
  }

  /**
   * Make known what programs for these nodes do not compute themselves: reductions, and values of the call
   * and of blocks.
   */
  private prepare(roots: readonly LaneNode[]): void {
    for (const level of levelsOf(roots, ['block', 'tensor'], this.isPlaced).levels) {
      for (const [how, { over, keeps }] of Object.entries(laneReductions)) {
        const nodes = level.nodes.filter((node) => node.how === how)
        if (nodes.length === 0 || over === 'call') continue
        const of = nodes.map((node) => node.of)
        this.prepare(of)
        const buffer = this.reduce(of, { how: keeps, over })
        nodes.forEach((node, slot) => this.places.set(node, { buffer, slot }))
      }
    }
    for (const rate of ['call', 'block'] as const) {
      const nodes = frontier(roots, rate, this.isPlaced).filter(
        (node) => node.kind !== 'input' && !this.isPlaced(node),
      )
      if (nodes.length === 0) continue
      const buffer = this.values(nodes, rate)
      nodes.forEach((node, slot) => this.places.set(node, { buffer, slot }))
    }
  }

  private readonly isPlaced = (node: LaneNode): boolean => this.places.has(node)

  private values(nodes: readonly LaneNode[], over: 'element' | 'block' | 'call'): number {
    return this.step(emitValues(nodes, over, this.known), nodes.length, over)
  }

  private reduce(of: readonly LaneNode[], reduction: Reduction): number {
    return this.step(emitReduction(of, reduction, this.known), of.length, reduction)
  }

  private step(text: ProgramText, slots: number, over: PlanStep['over']): number {
    const buffer = this.buffers++
    this.steps.push({ text, buffer, slots, over })
    return buffer
  }

  private place(node: LaneNode, names: Map<string, number>, name: string): void {
    const buffer = names.get(name) ?? this.buffers++
    names.set(name, buffer)
    this.places.set(node, { buffer, slot: 0 })
  }
}

const rateOf = ({ rate }: LaneNode): 'element' | 'block' | 'call' => (rate === 'literal' ? 'call' : rate)

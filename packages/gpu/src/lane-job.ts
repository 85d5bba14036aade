// Runs checked calls as kernels: reductions first, then outputs. Comes in: calls with the cells of their
// arrays. Goes out: filled cells. Source: docs/design/08-gpu.md.

import { levelsOf, type LaneNode, type ReduceNode, type TotalNode } from '@lotion/core'
import {
  countOf,
  frontier,
  isMaximum,
  isReduction,
  isTotal,
  totalStages,
  totalsOf,
  type CheckedCall,
} from '@lotion/core/internal'
import { drop, fill, openCell, type Cell, type GpuArray } from './device-array.js'
import { emitValues, type Leaf } from './emit-kernel.js'
import type { KernelSet, Operand } from './kernel-set.js'
import type { Sums, SumOf } from './sums.js'

/** A call with the storage that its arrays stood for when it was made. */
export interface LaneJob {
  readonly call: CheckedCall<GpuArray>
  /** Inputs and scalars that are arrays. */
  readonly cells: ReadonlyMap<string, Cell>
  readonly outputs: ReadonlyMap<string, Cell>
}

/** Values that one kernel can give for each index. */
const COMPONENTS = 4

/** Run calls as one. */
export async function runJobs(jobs: readonly LaneJob[], kernels: KernelSet, sums: Sums): Promise<void> {
  const totals = new Map<string, Operand>()
  // What is summed and not rounded yet: freed if a kernel fails.
  const found = new Map<string, SumOf>()
  const runs = jobs.map((job) => new JobRun(job, kernels, sums, totals))
  try {
    for (const stage of totalStages(jobs.map(({ call }) => call.graph))) {
      for (const run of runs) {
        for (const node of run.totals().filter(({ name }) => stage.includes(name))) {
          const part = await run.total(node)
          const before = found.get(node.name)
          found.delete(node.name)
          found.set(node.name, before === undefined ? part : await sums.add(before, part))
        }
      }
      for (const [name, sum] of found) {
        found.delete(name)
        totals.set(name, await sums.rounded(sum))
      }
    }
    for (const run of runs) await run.outputs()
  } finally {
    for (const run of runs) run.end()
    for (const value of [...totals.values(), ...found.values()]) release(value)
  }
}

function release(operand: Operand): void {
  if (typeof operand !== 'number' && 'uses' in operand) drop(operand)
}

/** One call while it runs: what is known of its reductions. */
class JobRun {
  private readonly known = new Map<LaneNode, Operand>()
  /** Values of blocks that lie in one array, by its name. */
  private readonly packed = new Map<LaneNode, string>()

  constructor(
    private readonly job: LaneJob,
    private readonly kernels: KernelSet,
    private readonly sums: Sums,
    private readonly sharedTotals: ReadonlyMap<string, Operand>,
  ) {}

  totals(): readonly TotalNode[] {
    return totalsOf(this.job.call.graph)
  }

  async total(node: TotalNode): Promise<SumOf> {
    await this.need([node.of])
    return this.sums.total(this.job.call, node.of, this.operand)
  }

  end(): void {
    for (const operand of this.known.values()) release(operand)
  }

  async outputs(): Promise<void> {
    const { graph, layout } = this.job.call
    await this.need(Object.values(graph.outputs))
    if (this.kernels.strided) await this.blockValues(Object.values(graph.outputs))
    for (const over of ['element', 'block', 'call'] as const) {
      const wanted = Object.entries(graph.outputs).filter(
        ([, { rate }]) => (rate === 'literal' ? 'call' : rate) === over,
      )
      const group = this.kernels.strided ? COMPONENTS : 1
      for (let first = 0; first < wanted.length; first += group)
        await this.store(wanted.slice(first, first + group), over, countOf(over, layout))
    }
  }

  /** Compute what weights read of blocks once a block: kernels of weights can read few arrays. */
  private async blockValues(roots: readonly LaneNode[]): Promise<void> {
    const nodes = frontier(roots, 'block', (node) => isReduction(node))
    if (nodes.every((node) => isReduction(node))) return
    const found: (readonly [LaneNode, Cell])[] = []
    try {
      for (let first = 0; first < nodes.length; first += COMPONENTS) {
        const group = nodes.slice(first, first + COMPONENTS)
        const buffer = await this.kernels.run({
          graph: this.job.call.graph,
          purpose: `blocks of nodes ${group.map(({ id }) => id).join()}`,
          emit: (style) => emitValues(group, 'block', style),
          layout: this.job.call.layout,
          components: group.length,
          length: this.job.call.layout.blocks,
          operand: this.operand,
          extra: {},
        })
        group.forEach((node, at) => {
          const cell = openCell()
          fill(cell, at === 0 ? buffer : buffer.share(), group.length, at)
          found.push([node, cell])
        })
      }
    } catch (error) {
      for (const [, cell] of found) drop(cell)
      throw error
    }
    for (const [at, [node, cell]] of found.entries()) {
      this.packed.set(node, `pack ${Math.floor(at / COMPONENTS)}`)
      const before = this.known.get(node)
      if (before !== undefined) release(before)
      this.known.set(node, cell)
    }
  }

  /** One kernel for up to four outputs: they share its buffer. */
  private async store(
    wanted: readonly (readonly [name: string, node: LaneNode])[],
    over: 'element' | 'block' | 'call',
    length: number,
  ): Promise<void> {
    const roots = wanted.map(([, node]) => node)
    const { call } = this.job
    const buffer = await this.kernels.run({
      graph: call.graph,
      purpose: `${over} ${wanted.map(([name]) => name).join()}`,
      emit: (style) => emitValues(roots, over, style),
      layout: call.layout,
      components: roots.length,
      length,
      operand: this.operand,
      ...(over === 'element' ? { packed: this.packed } : {}),
      extra: {},
    })
    wanted.forEach(([name], at) =>
      fill(this.job.outputs.get(name)!, at === 0 ? buffer : buffer.share(), roots.length, at),
    )
  }

  private readonly operand = (leaf: Leaf): Operand => {
    const known = this.known.get(leaf)
    if (known !== undefined) return known
    if (leaf.kind === 'reduce') return this.sharedTotals.get(leaf.name)!
    if (leaf.kind !== 'input')
      throw new TypeError(`node ${leaf.id}: expected an input or a reduction, found ${leaf.kind}`)
    const cell = this.job.cells.get(leaf.name)
    if (cell) return cell
    const { inputs, scalars } = this.job.call
    return (inputs.get(leaf.name) ?? scalars.get(leaf.name)) as number
  }

  /** Compute the reductions that nodes need; totals are known. */
  private async need(roots: readonly LaneNode[]): Promise<void> {
    const known = (node: LaneNode): boolean => isTotal(node) || this.known.has(node)
    for (const { nodes } of levelsOf(roots, ['block', 'tensor'], known).levels)
      for (const node of nodes) this.known.set(node, await this.reduce(node))
  }

  private async reduce(node: ReduceNode): Promise<Operand> {
    const { call } = this.job
    const over = isReduction(node, 'block') ? 'block' : 'tensor'
    if (isMaximum(node)) return this.sums.maximum(call, node.of, over, this.operand)
    if (over === 'block') return this.sums.blocks(call, node.of, this.operand)
    return this.sums.rounded(await this.sums.total(call, node.of, this.operand))
  }
}

// Lane calls as tfjs operations: the graph of each formula folded node by node, stage by stage. Comes in:
// checked calls. Goes out: a tensor for every output. Source: docs/design/02-lanes.md (totals, rates).

import type { LaneNode, Tree } from '@lotion/core'
import { isMaximum, isReduction, isTotal, stagesOf, totalStages } from '@lotion/core/internal'
import type * as tfjs from '@tensorflow/tfjs-core'
import type { BlockSums } from './block-sums.js'
import { blockView } from './block-view.js'
import type { TensorCall } from './lane-call.js'
import { nodeOperations } from './node-operations.js'

type Tf = typeof tfjs
type Tensor = tfjs.Tensor

/**
 * Run calls as one, op by op where `fused` makes no fold. Call it inside `tf.tidy`: all but the outputs is
 * left to that scope.
 */
export function foldCalls(
  tf: Tf,
  calls: readonly TensorCall[],
  sums: BlockSums,
  fused: FoldMaker = () => undefined,
): readonly Tree<Tensor>[] {
  const stages = totalStages(calls.map(({ graph }) => graph))
  const totals = new Map<string, Tensor>()
  const folds = calls.map((call) => fused(call, stages, totals) ?? foldOf(tf, call, sums, stages, totals))
  for (let stage = 0; stage <= stages.length; stage++) {
    const parts = new Map<string, (Tensor | number)[]>()
    for (const fold of folds) {
      for (const [name, part] of fold.run(stage)) parts.set(name, [...(parts.get(name) ?? []), part])
    }
    for (const [name, all] of parts) totals.set(name, sums.join(all))
  }
  return folds.map((fold) => fold.outputs())
}

/** A call as it runs: parts of the totals of each stage, and after the last the outputs. */
export interface Fold {
  run(stage: number): readonly (readonly [name: string, part: Tensor | number])[]
  outputs(): Tree<Tensor>
}

/** Another way to run a call; undefined where there is none. Totals are filled in from stage to stage. */
export type FoldMaker = (
  call: TensorCall,
  stages: readonly (readonly string[])[],
  totals: ReadonlyMap<string, Tensor>,
) => Fold | undefined

function foldOf(
  tf: Tf,
  call: TensorCall,
  sums: BlockSums,
  stages: readonly (readonly string[])[],
  totals: ReadonlyMap<string, Tensor>,
): Fold {
  const view = blockView(tf, call.layout)
  const { unary, binary, less } = nodeOperations(tf)
  const { nodes, outputs } = call.graph
  const values = new Map<LaneNode, Tensor>()
  const read = (node: LaneNode): Tensor => (isTotal(node) ? totals.get(node.name)! : values.get(node)!)
  const stageOf = stagesOf(call.graph, stages)

  /** The operand once a weight, and 0 where the padding is. */
  const perWeight = (node: LaneNode): Tensor => {
    const value = read(node)
    return view.masked(node.rate === 'element' ? value : tf.broadcastTo(value, view.shape))
  }
  /** Skips NaN and starts from 0. */
  const aboveZero = (x: Tensor): Tensor => less(tf.scalar(0), x, x, tf.zerosLike(x))

  const compute = (node: LaneNode): Tensor => {
    switch (node.kind) {
      case 'literal':
        return tf.scalar(node.value)
      case 'input': {
        const given = call.inputs.get(node.name)!
        if (node.rate !== 'element')
          return typeof given === 'number' ? tf.scalar(given) : tf.reshape(given, [])
        return typeof given === 'number' ? tf.fill(view.shape, given, 'float32') : view.split(given)
      }
      case 'unary':
        return unary[node.op](read(node.a))
      case 'binary':
        return binary[node.op](read(node.a), read(node.b))
      case 'less':
        return less(read(node.a), read(node.b), read(node.yes), read(node.no))
      case 'reduce': {
        const x = perWeight(node.of)
        const perBlock = isReduction(node, 'block')
        if (!isMaximum(node)) return perBlock ? sums.perBlock(x) : sums.join([sums.part(x)])
        if (x.size === 0) return tf.zeros(perBlock ? view.blockShape : [])
        return perBlock ? tf.max(aboveZero(x), 1, true) : tf.max(aboveZero(x))
      }
    }
  }

  return {
    run: (stage) => {
      const parts: [string, Tensor | number][] = []
      for (const node of nodes) {
        if (stageOf.get(node) !== stage) continue
        if (isTotal(node)) parts.push([node.name, sums.part(perWeight(node.of))])
        else values.set(node, compute(node))
      }
      return parts
    },
    outputs: () =>
      Object.fromEntries(
        Object.entries(outputs).map(([name, node]) => {
          const shape = call.shapes[name]!
          const value = read(node)
          return [name, node.rate === 'element' ? view.join(value, shape) : tf.reshape(value, [...shape])]
        }),
      ),
  }
}

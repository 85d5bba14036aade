// A formula over a tensor that is looked at piece by piece. Comes in: a lane function. Goes out: the maxima
// that all pieces together decide, and the same formula with them given. Source: docs/design/02-lanes.md; a
// maximum of maxima is exact, so no bit changes.

import {
  defineLanes,
  levelsOf,
  trace,
  type Lane,
  type LaneFn,
  type LaneGraph,
  type LaneNode,
} from '@lotion/core'
import { builderOf, isTotal, operandsOf, reachable } from '@lotion/core/internal'

/** Which reductions reach beyond a piece. */
export type Reach = 'tensor' | 'tensor and block'

/** A formula in two or more passes over the pieces. */
export interface AcrossPieces {
  /**
   * Formulas whose outputs, one number a call, are maxima over a piece. The largest over all pieces is the
   * scalar of that name for every later formula. None if no piece needs to know of another.
   */
  readonly maxima: readonly LaneFn[]
  /** The formula over a piece, with these maxima as scalars. */
  readonly run: LaneFn
}

/** Split a formula. Returns nothing if it sums over more than a piece: the order decides the last bits. */
export function acrossPieces(fn: LaneFn, reach: Reach): AcrossPieces | undefined {
  const graph = trace(fn)
  const over = reach === 'tensor' ? (['tensor'] as const) : (['tensor', 'block'] as const)
  // A maximum of what another maximum goes into waits for that one.
  const { levels } = levelsOf(Object.values(graph.outputs), over)
  if (graph.nodes.some(isTotal) || levels.some(({ sums }) => sums.length > 0)) return undefined
  const names = levels.map(({ nodes }) => nodes.map(nameOf))
  const maxima = levels.map(({ nodes }, i) => {
    const given = names.slice(0, i).flat()
    const below = reachable(nodes, (node) => given.includes(nameOf(node)))
    const needed = new Set(below.flatMap((node) => (node.kind === 'input' ? [node.name] : [])))
    return defineLanes({
      name: `${fn.name}, maxima ${i}`,
      inputs: fn.inputs.filter((name) => needed.has(name)),
      scalars: [...fn.scalars, ...given],
      outputs: names[i]!,
      body: (x) => {
        const lanes = replayed(graph, x, given)
        return Object.fromEntries(
          nodes.map((node) => [nameOf(node), lanes.get(operandsOf(node)[0]!)!.tensorMax()]),
        )
      },
    })
  })
  const given = names.flat()
  const run = defineLanes({
    name: `${fn.name}, in pieces`,
    inputs: fn.inputs,
    scalars: [...fn.scalars, ...given],
    outputs: fn.outputs,
    body: (x) => {
      const lanes = replayed(graph, x, given)
      return Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, lanes.get(node)!]))
    },
  })
  return { maxima, run }
}

/** The scalar that stands for a maximum. */
const nameOf = ({ id }: LaneNode): string => `maximum ${id}`

/** Build the nodes of a graph anew, the given maxima as what they are given as. */
function replayed(
  { nodes }: LaneGraph,
  x: Readonly<Record<string, Lane>>,
  given: readonly string[],
): ReadonlyMap<LaneNode, Lane> {
  const lanes = new Map<LaneNode, Lane>()
  const builder = builderOf(Object.values(x)[0]!)
  const of = (node: LaneNode): Lane => lanes.get(node)!
  for (const node of nodes) {
    if (given.includes(nameOf(node))) lanes.set(node, x[nameOf(node)]!)
    // What a maximum does not need may read inputs that its formula does not have.
    else if (node.kind !== 'input' || x[node.name] !== undefined) {
      if (operandsOf(node).every((operand) => lanes.has(operand))) lanes.set(node, made(node))
    }
  }
  return lanes

  function made(node: LaneNode): Lane {
    switch (node.kind) {
      case 'input':
        return x[node.name]!
      case 'literal':
        return builder.literal(node.value)
      case 'unary':
        return of(node.a)[node.op]()
      case 'binary':
        return of(node.a)[node.op](of(node.b))
      case 'less':
        return of(node.a).less(of(node.b), of(node.yes), of(node.no))
      case 'reduce':
        return node.how === 'total' ? of(node.of).total(node.name) : of(node.of)[node.how]()
    }
  }
}

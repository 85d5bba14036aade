// Nothing that is not finite may reach weights or state. Comes in: arrays. Goes out: their norm, or the name
// of the array that is not finite.
// Source: docs/design/03-formats-and-methods.md.

import { defineLanes, type Executor, type Tree } from '@lotion/core'

const squaredNorm = defineLanes({
  name: 'squared norm',
  inputs: ['x'],
  outputs: ['squared'],
  body: ({ x }) => ({ squared: x.mul(x).total('squared norm') }),
})

/** √Σ x² over all arrays; not finite if any value is not, or if a square overflows. */
export async function globalNorm<A>(executor: Executor<A>, tree: Tree<A>): Promise<number> {
  const results = executor.lanes(Object.values(tree).map((x) => ({ fn: squaredNorm, inputs: { x } })))
  // The total over all calls is an output of each of them.
  const squares = results.map(({ squared }) => squared!)
  try {
    return squares.length === 0 ? 0 : Math.sqrt((await executor.read(squares[0]!))[0]!)
  } finally {
    for (const squared of squares) executor.free?.(squared)
  }
}

/** List the names of the arrays that hold a value that is not finite, or too large to be squared. */
export async function notFinite<A>(executor: Executor<A>, tree: Tree<A>): Promise<readonly string[]> {
  if (Number.isFinite(await globalNorm(executor, tree))) return []
  const names: string[] = []
  for (const [name, array] of Object.entries(tree)) {
    if (!Number.isFinite(await globalNorm(executor, { [name]: array }))) names.push(name)
  }
  return names.length > 0 ? names : Object.keys(tree)
}

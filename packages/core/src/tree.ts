// Parameter trees: plain records from a parameter's name to its array.
// Comes in: trees. Goes out: trees. Source: docs/design/01-architecture.md.

import type { Tree } from './contracts.js'

/**
 * Apply a function to every leaf, in the order of the keys.
 * @param tree Leaves by name.
 * @param fn Called once a leaf; what it returns stands under the same name.
 */
export function mapTree<A, B>(tree: Tree<A>, fn: (leaf: A, name: string) => B): Tree<B> {
  return Object.fromEntries(Object.entries(tree).map(([name, leaf]) => [name, fn(leaf, name)]))
}

/**
 * Read a leaf by name.
 * @param tree Leaves by name.
 * @param name Which leaf.
 * @param what What the tree is called in the error.
 * @throws TypeError naming the tree, the missing leaf and those present.
 */
export function leafOf<A>(tree: Tree<A>, name: string, what: string): A {
  const leaf = Object.hasOwn(tree, name) ? tree[name] : undefined
  if (leaf === undefined) {
    throw new TypeError(
      `${what}: '${name}' is missing; present: ${Object.keys(tree).join(', ') || 'nothing'}`,
    )
  }
  return leaf
}

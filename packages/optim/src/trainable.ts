// Frozen parameters: those that training leaves as they are. Comes in: extents of all, patterns of names.
// Goes out: extents of those that are trained.
// Source: docs/design/03-formats-and-methods.md (frozen parameters).

import type { ParameterInfo, Shape, Tree } from '@lotion/core'
import { patternTest, patternText, type NamePattern } from './name-pattern.js'

/**
 * Leave out the parameters that stay as they are: what `fit` and `createUpdater` are given no shape of has no
 * update, no weight decay and no state, and its gradient counts for nothing. Its weights are given with all
 * others and keep their bits; `castTree` casts them too if it is asked with all shapes.
 * @param shapes Extents of all parameters.
 * @param frozen Patterns of names (see `NamePattern`), or a rule of one's own.
 * @throws TypeError if a pattern is none; RangeError, listing the names there are, if one matches no
 * parameter, or nothing is left to train.
 * @example
 * ```ts
 * import { trainable } from '@lotion/optim'
 *
 * const shapes = { 'embed.weight': [256, 64], 'mlp.up.weight': [256, 64], 'norm.weight': [64] }
 * console.log(Object.keys(trainable(shapes, ['embed', /norm/]))) // mlp.up.weight
 * ```
 */
export function trainable(
  shapes: Tree<Shape>,
  frozen: readonly NamePattern[] | ((parameter: ParameterInfo) => boolean),
): Tree<Shape> {
  const tests =
    typeof frozen === 'function'
      ? [{ text: 'the rule', holds: frozen }]
      : frozen.map((pattern) => {
          const test = patternTest('frozen', pattern)
          return { text: patternText(pattern), holds: ({ name }: ParameterInfo) => test(name) }
        })
  const all = Object.entries(shapes).map(([name, shape]) => ({ name, shape }))
  const names = all.map(({ name }) => name).join(', ')
  for (const { text, holds } of tests)
    if (!all.some(holds)) throw new RangeError(`frozen: ${text} matches no parameter; there are: ${names}`)
  const left = all.filter((parameter) => !tests.some(({ holds }) => holds(parameter)))
  if (left.length === 0)
    throw new RangeError(`frozen: expected some parameters to train, found all of ${names}`)
  return Object.fromEntries(left.map(({ name, shape }) => [name, shape]))
}

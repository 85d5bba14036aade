// Optimizers by parameter: another optimizer, or another learning rate, for names of a pattern. Comes in:
// patterns of names with optimizers. Goes out: one transformation.
// Source: optax.partition (multi_transform), optax 0.2.8; docs/design/03-formats-and-methods.md.

import type { ParameterInfo, Transformation } from '@lotion/core'
import { joinNeeds } from '@lotion/core/internal'
import { checkTransformation } from './check-plugins.js'
import { transformationOf } from './define-transformation.js'
import { patternTest, patternText, type NamePattern } from './name-pattern.js'
import { chain, resolved } from './transformation.js'

/** The parts of one group's optimizer. */
type Parts = readonly Transformation[]

/** A part of the whole: for each group that has it the part there. */
interface Shared {
  readonly first: Transformation
  readonly of: ReadonlyMap<Parts, Transformation>
}

/**
 * Give parameters optimizers of their own by patterns of names: the first that matches counts, all others
 * have `otherwise`. Optimizers of one name and the same slots are one part of the whole, whatever their
 * numbers, so that what borrows from it (`adamSecondMoment` of `adamw.v`) finds it for every parameter; clips
 * and averages are each group's own. Parameters
 * that are to stay as they are need no optimizer: leave them out by `trainable`.
 * @param rules Pairs of a pattern (see `NamePattern`) and an optimizer or a chain with one.
 * @param otherwise The optimizer of all other parameters.
 * @returns a transformation; a pattern that matches nothing is refused once all parameters are known, by
 * `createUpdater` and `fit`.
 * @throws TypeError if a pattern is none, or a transformation declares no step size or trains for a format.
 * @example
 * ```ts
 * import { adamw, cosine, partition, sgd } from '@lotion/optim'
 *
 * const slow = adamw({ learningRate: cosine(1e-4) })
 * const usual = adamw({ learningRate: cosine(1e-3), weightDecay: 0.1 })
 * const optimizer = partition([['embed', slow], [/norm|bias/, sgd({ learningRate: 0.1 })]], usual)
 * console.log(optimizer.slots) // adamw.m, adamw.v
 * ```
 */
export function partition(
  rules: readonly (readonly [pattern: NamePattern, optimizer: Transformation])[],
  otherwise: Transformation,
): Transformation {
  const patterns = rules.map(([pattern, optimizer]) => ({
    text: patternText(pattern),
    matches: patternTest('partition', pattern),
    parts: partsOf(patternText(pattern), optimizer),
  }))
  const others = partsOf('otherwise', otherwise)
  const ruleOf = ({ name }: ParameterInfo) => patterns.find(({ matches }) => matches(name))
  const shared = [...patterns.map(({ parts }) => parts), others].reduce(withGroup, [])
  const [first, ...rest] = shared.map((part) => {
    const { refuseUnused: _, ...all } = part.first
    return transformationOf({
      ...all,
      needs: joinNeeds([...part.of.values()]),
      resolve: (parameter) => {
        const own = part.of.get(ruleOf(parameter)?.parts ?? others)
        return own ? resolved(own, parameter) : null
      },
    })
  })
  return chain(
    transformationOf({
      ...first!,
      refuseUnused: (parameters) => {
        const used = new Set(parameters.map(ruleOf))
        const idle = patterns.find((each) => !used.has(each))
        if (idle)
          throw new RangeError(
            `partition: ${idle.text} matches no parameter that an earlier pattern leaves; there are: ` +
              parameters.map(({ name }) => name).join(', '),
          )
        // A partition within a group has patterns of its own.
        for (const group of [...patterns, undefined]) {
          const taken = parameters.filter((parameter) => ruleOf(parameter) === group)
          for (const part of group?.parts ?? others) part.refuseUnused?.(taken)
        }
      },
    }),
    ...rest,
  )
}

/** @throws TypeError unless it is an optimizer without a method. */
function partsOf(where: string, optimizer: Transformation): Parts {
  checkTransformation(`partition: ${where}`, optimizer)
  const parts = [...(optimizer.parts ?? [optimizer])]
  if (optimizer.quantizes)
    throw new TypeError(
      `partition: ${where}: expected an optimizer without a method, found '${optimizer.name}', which trains for a format already; ` +
        'give the method to fit or withMethod, around the partition',
    )
  if (parts.every(({ stepSize }) => stepSize === undefined))
    throw new TypeError(
      `partition: ${where}: expected an optimizer, one part of which declares its step size, found '${optimizer.name}'; ` +
        'without one the gradient itself would be added to the weights',
    )
  return parts
}

/** Take in a group: its parts stand in its order, those that others have too at the same place. */
function withGroup(all: readonly Shared[], parts: Parts): readonly Shared[] {
  const made = [...all]
  let from = 0
  for (const part of parts) {
    const found = made.findIndex(({ first }, i) => i >= from && isAlike(first, part))
    const one = {
      first: made[found]?.first ?? part,
      of: new Map([...(made[found]?.of ?? []), [parts, part]]),
    }
    from = found < 0 ? from : found
    made.splice(from, found < 0 ? 0 : 1, one)
    from++
  }
  return made
}

/**
 * Optimizers are one so that whoever borrows a slot finds each group's. Others stay apart: what a clip sums
 * over its group would be a sum over both, and averages of two memories would have one name.
 */
const isAlike = (one: Transformation, other: Transformation): boolean =>
  one.slots.length > 0 &&
  one.stepSize !== undefined &&
  one.name === other.name &&
  [...one.slots].sort().join() === [...other.slots].sort().join() &&
  !one.initial &&
  !other.initial

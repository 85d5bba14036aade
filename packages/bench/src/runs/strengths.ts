// Which methods the strengths of a comparison reach. Comes in: methods that words chose, strengths. Goes out:
// λ by method, or a refusal: a strength is never left out in silence.
// Source: docs/design/04-bench.md.

import { numbersOf } from '@lotion/core'
import { cageFamily } from '@lotion/optim'
import type { Comparison } from './comparison.js'
import type { ChosenMethod } from './method-choice.js'

/**
 * The strengths λ by word; CAGE may have one of its own. Baselines have no term that could have a strength,
 * and a word that gives its numbers keeps them.
 * @throws RangeError for a strength that no method takes, or that one does not take though it has a term.
 */
export function strengthsOf(
  methods: readonly (ChosenMethod & { readonly word: string })[],
  { lambda, cageLambda }: Pick<Comparison, 'lambda' | 'cageLambda'>,
): Readonly<Record<string, number>> {
  const asked = methods.map(({ word, family, given, context, later }) => {
    const open = later.find((phase) => 'lambda' in phase.family.numbers && !('lambda' in phase.given))
    if (open && (lambda ?? cageLambda) !== undefined)
      throw new RangeError(
        `lambda: expected the number behind the name of each later phase that has one, found none behind ${open.word} of ${word}; ` +
          `write ${open.word}:${lambda ?? cageLambda}@${open.share}`,
      )
    // By name: a module brings an instance of its own.
    const isCages = family.name === cageFamily.name && cageLambda !== undefined
    const option = isCages ? 'cage-lambda' : 'lambda'
    const strength = isCages ? cageLambda : lambda
    const names = Object.keys(family.numbers)
    if (strength !== undefined && !names.includes('lambda') && !names.some((name) => name in given)) {
      const { penalty, correction } = family.make(numbersOf(family), context)
      if (penalty ?? correction)
        throw new RangeError(
          `${option}: expected methods with the number lambda, found ${word} with ${names.join(', ') || 'no numbers'} and a term of its own; ` +
            'leave the option out, and write numbers behind the methods that have them, such as lotion:0.3',
        )
    }
    const takes = strength !== undefined && names.includes('lambda') && !('lambda' in given)
    return { word, option, taken: takes ? strength : undefined }
  })
  for (const [option, strength] of Object.entries({ lambda, 'cage-lambda': cageLambda }))
    if (strength !== undefined && !asked.some((each) => each.option === option && each.taken !== undefined))
      throw new RangeError(
        `${option}: expected a method that takes it and has none behind its name, found ${strength} for ${methods.map(({ word }) => word).join(', ')}; leave it out`,
      )
  return Object.fromEntries(asked.flatMap(({ word, taken }) => (taken === undefined ? [] : [[word, taken]])))
}

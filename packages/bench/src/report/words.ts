// What the names in a report mean, where a newcomer meets them. Comes in: comparisons. Goes out: words with
// their meanings.
// Source: the definitions themselves: a method's family says what it does, a format what its grid is.

import { formatKind, isModulePath, methodKind, significant } from '@lotion/cli/internal'
import { parseBlock } from '@lotion/core/internal'
import { withBlock } from '@lotion/formats'
import type { ComparisonRecord } from '../records.js'
import { phasesOf } from '../runs/phase-words.js'
import { markup, type Markup } from './markup.js'
import { methodWord } from './series.js'

/** A word and what it means. */
export type Word = readonly [word: string, meaning: string]

/** Words with their meanings, to be read. */
export function wordList(words: readonly Word[]): Markup | undefined {
  if (words.length === 0) return undefined
  return markup`<dl class="words">${words.map(([word, meaning]) => markup`<div><dt>${word}</dt><dd>${meaning}</dd></div>`)}</dl>`
}

/** What the methods do, each phase of them once, as their definitions say it. */
export function methodWords(comparisons: readonly ComparisonRecord[]): readonly Word[] {
  const phases = comparisons.flatMap(({ method }) => phasesOf(methodWord(method)))
  const words = new Map(
    phases.flatMap(({ word }): readonly Word[] => {
      const family = methodKind.families.find(({ name }) => name === word.split(':')[0])
      return family?.summary === undefined ? [] : [[family.name, family.summary]]
    }),
  )
  return [
    ...words,
    ...comparisons.flatMap(({ method }): readonly Word[] => {
      const [first, ...later] = phasesOf(methodWord(method))
      return later.length === 0
        ? []
        : [
            [
              methodWord(method),
              `Begins as ${first!.word}${later.map(({ word, share }) => `, is ${word} from ${Number((100 * share).toPrecision(3))} % of the run on`).join('')}.`,
            ],
          ]
    }),
  ]
}

/** What the formats are, by their definitions; those of modules are not known here. */
export function formatWords(comparisons: readonly ComparisonRecord[]): readonly Word[] {
  return [
    ...new Map(
      comparisons.flatMap(({ format: word, block }): readonly (readonly [string, Word])[] => {
        const [name, rule] = word.split(':')
        const family = formatKind.families.find((each) => each.name === name)
        if (isModulePath(word) || !family) return []
        const format = withBlock(family.make({}, undefined), parseBlock(block))
        const { points } = format.grid
        const number = (value: number): string => String(Number(significant(value, 4))).replace('-', '−')
        return [
          [
            `${word} ${block}`,
            [
              word,
              `Each weight becomes one of ${points.length} numbers from ${number(points[0]!)} to ${number(points.at(-1)!)}, times a scale that ${sharesText(block)}${rule === undefined ? '' : ` and the rule ${rule} makes`}.`,
            ],
          ],
        ]
      }),
    ).values(),
  ]
}

const sharesText = (block: string): string =>
  /^\d+$/.test(block) ? `${block} neighbouring weights share` : `the weights of a ${block} share`

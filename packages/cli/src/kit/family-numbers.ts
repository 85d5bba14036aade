// Numbers behind a word: `0.3` or `width=0.3`. Comes in: a family, text. Goes out: numbers by name, in range.
// Source: docs/design/01-architecture.md (catalogues).

import type { Family, FamilyNumber } from '@lotion/core'
import { knownWord } from './known-word.js'

/**
 * The numbers of a member, as a word gives them behind its name: `0.3` or `width=0.3`.
 * @throws RangeError for what the family does not have, or not in that range.
 */
export function numbersIn(
  family: Pick<Family<unknown, never>, 'name' | 'numbers'>,
  text: string | undefined,
): Readonly<Record<string, number>> {
  const entries = (text?.split(',') ?? []).map((piece, i) => numberOf(family, piece.trim(), i))
  const numbers = Object.fromEntries(entries)
  if (Object.keys(numbers).length < entries.length)
    throw new RangeError(`${family.name}: expected each number once, found '${text}'`)
  return numbers
}

/** `0.3` in its place, or `width=0.3`. */
function numberOf(
  { name, numbers }: Pick<Family<unknown, never>, 'name' | 'numbers'>,
  piece: string,
  place: number,
): readonly [string, number] {
  const names = Object.keys(numbers)
  const [word = '', text] = /^([\w-]+)=(.*)$/.exec(piece)?.slice(1) ?? [names[place], piece]
  const key = knownWord(names, word)
  const limits = key === undefined ? undefined : numbers[key]
  if (key === undefined || limits === undefined) {
    const known = names.length === 0 ? 'no numbers' : `the numbers ${names.join(', ')}`
    throw new RangeError(`${name}: expected ${known}, found '${piece}'`)
  }
  const value = text!.trim() === '' ? NaN : Number(text)
  if (!isWithin(limits, value))
    throw new RangeError(`${name}: the ${key}: expected ${saidOf(limits)}, found '${text}'`)
  return [key, value]
}

function isWithin(
  { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity }: FamilyNumber,
  value: number,
): boolean {
  return Number.isFinite(value) && value >= min && value <= max && value > above && value < below
}

function saidOf({ min, max, above, below }: FamilyNumber): string {
  return [
    'a number',
    ...(min === undefined ? [] : [`from ${min}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(max === undefined ? [] : [`up to ${max}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ].join(' ')
}

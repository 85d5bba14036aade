// Words that people type, against names that are known. Comes in: names, a word. Goes out: the name that it
// means, in any case, or what an error says of it.
// Source: one place for options, plug-ins and commands alike, so that all of them forgive the same.

import { nearestName } from '@lotion/core/internal'

/** The name that a word means, in any case; one that is written the same comes first. */
export function knownWord<const T extends string>(names: readonly T[], word: string): T | undefined {
  return (
    names.find((name) => name === word) ?? names.find((name) => name.toLowerCase() === word.toLowerCase())
  )
}

/** Say what was found, and what may have been meant: `found 'csat'; did you mean 'cast'?`. */
export function foundWord(
  names: readonly string[],
  word: string,
  meant: string | undefined = nearestName(word, names),
): string {
  return `found '${word}'${meant === undefined ? '' : `; did you mean '${meant}'?`}`
}

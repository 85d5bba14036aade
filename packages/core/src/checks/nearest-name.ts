// What a misspelt name may have meant. Comes in: a name and those that are known. Goes out: the nearest of
// them, if one is near.
// Source: Levenshtein 1966; Damerau 1964 for swaps (restricted: no text is edited twice).

/**
 * The known name with the fewest edits, if at most a third of the longer one's letters differ and none of its
 * digits: int5 is no int4 misspelt.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_]/g, '')
  const ranked = known
    .map((other) => ({ other, edits: editDistance(plain(name), plain(other)) }))
    .filter(({ other }) => digitsOf(name) === '' || digitsOf(name) === digitsOf(other))
    .filter(({ other, edits }) => edits <= Math.max(name.length, other.length) / 3)
    .sort((a, b) => a.edits - b.edits)
  return ranked[0]?.other
}

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '')

/** Insertions, deletions, substitutions and swaps of neighbours from one text to the other. */
function editDistance(from: string, to: string): number {
  let [before, row] = [[] as readonly number[], Array.from({ length: to.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const substituted = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const swapped = isSwapped ? before[j - 2]! + 1 : Infinity
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1, swapped))
    }
    ;[before, row] = [row, next]
  }
  return row[to.length]!
}

// A misspelt option must not be silence. Comes in: an options object and the names that are known.
// Goes out: nothing, or an error that names the stray key and the nearest known one.

/**
 * Refuse keys that an options object cannot have. `known` lists every key of the type, so the compiler keeps it complete.
 * Keys whose value is `undefined` count as well: a misspelt one may come from a missing field.
 * @throws TypeError naming what is configured, the stray key, the nearest known key and all of them.
 */
export function refuseUnknownKeys<T extends object>(
  what: string,
  options: T,
  known: Readonly<Record<keyof Required<T>, true>>,
): void {
  const names = Object.keys(known)
  const stray = Object.keys(options).find((key) => !Object.hasOwn(known, key))
  if (stray === undefined) return
  const nearest = nearestName(stray, names)
  throw new TypeError(
    `${what}: unknown option '${stray}'${nearest === undefined ? '' : `, did you mean '${nearest}'?`}; ` +
      `options: ${names.join(', ')}`,
  )
}

/** The known name with the fewest edits, if at most a third of the longer one's letters differ. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_]/g, '')
  const ranked = known
    .map((other) => ({ other, edits: editDistance(plain(name), plain(other)) }))
    .filter(({ other, edits }) => edits <= Math.max(name.length, other.length) / 3)
    .sort((a, b) => a.edits - b.edits)
  return ranked[0]?.other
}

/** Insertions, deletions and substitutions from one text to the other. Source: Levenshtein 1966. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const substituted = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[to.length]!
}

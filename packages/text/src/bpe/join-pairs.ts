// How the published encodings make tokens of a word. Comes in: parts of it, ranks of tokens. Goes out: the
// tokens.
// Source: OpenAI's tiktoken: of neighbours that are a token together the one of the lowest rank first.

/**
 * Join neighbours as long as any two are a token together.
 * @param parts Of a word, a character a byte; changed in place.
 * @param ranks Rank by token.
 */
export function joinPairs(parts: string[], ranks: ReadonlyMap<string, number>): readonly string[] {
  const rankAt = (i: number): number => ranks.get(parts[i]! + parts[i + 1]!) ?? Infinity
  const pairs = Array.from({ length: Math.max(0, parts.length - 1) }, (_, i) => rankAt(i))
  for (;;) {
    let lowest = Infinity
    let at = -1
    for (let i = 0; i < pairs.length; i++)
      if (pairs[i]! < lowest) {
        lowest = pairs[i]!
        at = i
      }
    if (at < 0) return parts
    parts.splice(at, 2, parts[at]! + parts[at + 1]!)
    pairs.splice(at, 1)
    if (at > 0) pairs[at - 1] = rankAt(at - 1)
    if (at < pairs.length) pairs[at] = rankAt(at)
  }
}

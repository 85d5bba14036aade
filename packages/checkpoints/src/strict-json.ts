// JSON from strangers: no duplicate keys, no deep nesting.
// Comes in: text. Goes out: a value. JSON.parse keeps the last of two equal keys in silence, so that two readers of
// one file may see different things.

const QUOTE = 34
const COLON = 58
const BACKSLASH = 92
const OPEN = [91, 123]
const CLOSE = [93, 125]

/** Find the index behind the string that starts at `from`; the end of the text if it is never closed. */
function endOfString(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return Math.min(at + 1, text.length)
}

/** Whether the next character that is no space is a colon. */
function isKey(text: string, behind: number): boolean {
  let at = behind
  while (' \t\n\r'.includes(text.charAt(at)) && at < text.length) at++
  return text.charCodeAt(at) === COLON
}

/** What a key spells once its escapes are read: "a" and "\u0061" are the same key. */
function spelled(literal: string): string {
  try {
    return String(JSON.parse(literal))
  } catch {
    // Not JSON: the parser proper says so with a position.
    return literal
  }
}

/**
 * Parse JSON, refusing what JSON.parse lets pass.
 * @throws Error if the text is no JSON, an object has a key twice or `[` and `{` nest deeper than `maxDepth`.
 */
export function parseStrictJson(text: string, maxDepth: number): unknown {
  const keys: Set<string>[] = []
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = endOfString(text, at)
      if (isKey(text, end)) {
        const key = spelled(text.slice(at, end))
        if (keys.at(-1)?.has(key))
          throw new Error(`expected every key once, found ${JSON.stringify(key)} twice`)
        keys.at(-1)?.add(key)
      }
      at = end
      continue
    }
    if (OPEN.includes(code)) {
      keys.push(new Set())
      if (keys.length > maxDepth)
        throw new Error(`expected at most ${maxDepth} levels of nesting, found more`)
    } else if (CLOSE.includes(code)) keys.pop()
    at++
  }
  return JSON.parse(text)
}

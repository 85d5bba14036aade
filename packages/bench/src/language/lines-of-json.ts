// Whether bytes that come are lines of JSON with text in them, which no file's name tells of a pipe. Comes
// in: bytes in pieces. Goes out: the answer.

/** Bytes that are looked at: two lines of conversations, however long they are. */
const MOST = 2 ** 26

/** Looks at the beginning of what comes, no further than tells that it is something else. */
export interface LinesOfJson {
  /** Look at the next piece. */
  take(piece: Uint8Array): void
  /** Whether the first two lines, or the only one, are objects with `text` or `messages`; ask at the end. */
  found(): boolean
}

/** Begin to look. */
export function linesOfJson(): LinesOfJson {
  const decoder = new TextDecoder()
  const lines: string[] = []
  let [line, bytes, isOther] = ['', 0, false]
  const end = (): void => {
    if (line.trim() !== '') lines.push(line)
    line = ''
  }
  return {
    take(piece) {
      if (isOther || lines.length >= 2) return
      bytes += piece.length
      const [more = '', ...after] = decoder.decode(piece, { stream: true }).split('\n', 4)
      // Looked at where it begins: long lines come in many pieces.
      const isBegun = line !== ''
      line += isBegun ? more : more.trimStart()
      for (const next of after) {
        end()
        line = next.trimStart()
      }
      isOther = bytes > MOST || ![...lines, line].every((each) => each === '' || each.startsWith('{'))
    },
    found() {
      end()
      return !isOther && lines.length > 0 && lines.slice(0, 2).every(isDocument)
    },
  }
}

function isDocument(line: string): boolean {
  try {
    const { text, messages } = Object(JSON.parse(line)) as Readonly<Record<string, unknown>>
    return typeof text === 'string' || Array.isArray(messages)
  } catch {
    return false
  }
}

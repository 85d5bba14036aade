// Text that others wrote, made fit for a terminal. Comes in: names of tensors, paths, messages that quote
// them. Goes out: text that shows what it is and does nothing: no escape sequence, no line break, no reversed
// writing, no more than fits.
// Source: CWE-150; Unicode Standard Annex 9 (bidirectional formatting characters).

/** Longest name on a terminal, in characters. Names of tensors have less than a hundred. */
const LONGEST_NAME = 200
/** Longest message on a terminal, in characters. */
export const LONGEST_MESSAGE = 2000

// Characters that act instead of being seen: controls (C0, DEL, C1), marks that are invisible or turn the
// direction of writing, separators of lines and paragraphs, halves of characters.
const acting = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** What our own output does on a terminal: colours (m), and the progress line's moves and erasures. */
// oxlint-disable-next-line no-control-regex -- sequences of a terminal begin with one
const ownSequences = /(\u001b(?:\[[\d;]*[mABGK]|\[\?(?:7|25)[hl]|[78]))/

/**
 * Write an untrusted text for a terminal: characters that control it become `\uXXXX`, and what is longer than
 * `limit` is cut in the middle, its ends kept.
 */
export function terminalText(text: string, limit = LONGEST_NAME): string {
  // Cut first: a name may have a hundred megabytes.
  if (text.length <= limit) return escaped(text)
  const half = Math.floor(limit / 2)
  return `${escaped(text.slice(0, half))}… (${text.length} characters) …${escaped(text.slice(-half))}`
}

/** Write an error for a terminal: its message as `terminalText`, then its stack, which names our own code. */
export function terminalStack(error: Error): string {
  const said = `${error.name}: ${error.message}`
  const stack = error.stack ?? ''
  const frames = stack.slice(stack.indexOf(error.message) + error.message.length)
  return `${terminalText(said, LONGEST_MESSAGE)}${frames}\n`
}

/**
 * Guard a stream: whatever is written, a terminal receives no control sequences but our colours and the moves
 * of our progress line, and a file or pipe not even these. Escapes are those of JSON, so that a line of JSON
 * keeps its value.
 */
export function guardedStream(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const guarded = (text: string): string =>
    stream.isTTY
      ? text
          .split(ownSequences)
          .map((part, i) => (i % 2 === 1 ? part : escapedLines(part)))
          .join('')
      : escapedLines(text)
  const write = (chunk: string | Uint8Array, ...rest: readonly never[]): boolean =>
    stream.write(typeof chunk === 'string' ? guarded(chunk) : chunk, ...rest)
  return new Proxy(stream, {
    get(target, key): unknown {
      if (key === 'write') return write
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const escaped = (text: string): string => text.replaceAll(acting, escapeOf)

const escapedLines = (text: string): string =>
  text.replaceAll(acting, (character) =>
    character === '\n' || character === '\t' ? character : escapeOf(character),
  )

function escapeOf(character: string): string {
  let escape = ''
  for (let i = 0; i < character.length; i++)
    escape += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
  return escape
}

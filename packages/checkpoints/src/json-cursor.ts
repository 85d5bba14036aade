// JSON from untrusted files, read token by token: each number and string is judged as it is written, before
// it becomes a value. Comes in: UTF-8 bytes. Goes out: names, whole numbers, texts, in the order of the text.
// Source: RFC 8259. JSON.parse makes 2.0 a 2, keeps lone surrogates and the last of two equal keys: two
// readers of one file may see different things.

import { isUtf8, textIn } from './utf8.js'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OBJECT = 0x7b
const OBJECT_END = 0x7d
const ARRAY = 0x5b
const ARRAY_END = 0x5d
const ZERO = 0x30
const NINE = 0x39
/** Texts of fewer bytes are looked up before they are made. */
const SHORT = 16
/** Texts of so many bytes are made without a decoder. */
const MOST_LETTERS = 100
/** Longer numbers are no numbers of ours. */
const MOST_DIGITS = 400

/** What an escape stands for, by the byte behind the backslash. */
const escapedBytes: Readonly<Record<number, string>> = Object.freeze({
  [QUOTE]: '"',
  [BACKSLASH]: '\\',
  0x2f: '/',
  0x62: '\b',
  0x66: '\f',
  0x6e: '\n',
  0x72: '\r',
  0x74: '\t',
})

/** What stands at a place, judged by its first byte. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'null' | 'boolean' | 'nothing'

/** A place in a JSON text. Every method reads on from there and refuses what is not JSON. */
export interface JsonCursor {
  /** What comes next, spaces skipped. */
  kind(): JsonKind
  /** A text. @throws if it holds half of a surrogate pair: that is no Unicode text, and has no UTF-8. */
  string(): string
  /**
   * A whole number from 0 to 2^53 − 1, written as digits.
   * @throws for `2.0`, `2e0`, `-0` and numbers that a double does not hold.
   */
  wholeNumber(): number
  /** A number of any kind, as a double. */
  number(): number
  /** `null`. */
  null(): void
  /** An object: `visit` reads the value of each key. It is called for every key, repeated ones included. */
  members(visit: (key: string) => void): void
  /** An array: `visit` reads each element. */
  elements(visit: (index: number) => void): void
  /**
   * Pass over a value of any kind.
   * @throws if an object in it has a key twice or it nests deeper than `depth`.
   */
  skip(depth: number): void
  /** @throws unless only spaces follow. */
  end(): void
}

/** Cut a text for a message, in quotes; what is no text is shown as JSON. */
export function cutText(text: unknown, most = 80): string {
  return JSON.stringify(typeof text === 'string' && text.length > most ? `${text.slice(0, most)}…` : text)
}

/** What is wrong with a text as JSON, whatever it is about. */
export class JsonFault extends Error {}

/** The complaint about a key that an object has twice. */
export function twice(key: string): JsonFault {
  return new JsonFault(`expected every key once, found ${cutText(key)} twice`)
}

/** Stand at the beginning of a text. @throws if the bytes are not UTF-8. */
export function jsonCursor(bytes: Uint8Array): JsonCursor {
  if (!isUtf8(bytes)) throw new JsonFault('the encoded data was not valid UTF-8')
  const { utf8, letters } = textIn(bytes)
  let at = 0

  const bad = (expected: string): JsonFault => {
    const found = at >= bytes.length ? 'its end' : cutText(utf8(at, at + 12))
    return new JsonFault(`JSON at byte ${at}: expected ${expected}, found ${found}`)
  }

  /** The next byte that is no space; −1 behind the end. */
  const peek = (): number => {
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte
    }
    return -1
  }

  const take = (byte: number): void => {
    if (peek() !== byte) throw bad(`'${String.fromCharCode(byte)}'`)
    at++
  }

  const word = (expected: string): void => {
    if (letters(at, at + expected.length) !== expected) throw bad(expected)
    at += expected.length
  }

  // The same few keys and types come again and again: no new text is made for one that is known.
  const known: string[] = Array.from({ length: 256 }, () => '')
  const short = (start: number, end: number, hash: number): string => {
    const text = known[hash & 255]!
    let same = text.length === end - start
    for (let i = start; same && i < end; i++) same = text.charCodeAt(i - start) === bytes[i]
    return same ? text : (known[hash & 255] = letters(start, end))
  }

  const string = (): string => {
    take(QUOTE)
    const start = at
    let [ascii, hash] = [true, 0]
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (byte === QUOTE) {
        at++
        if (!ascii || at - 1 - start > MOST_LETTERS) return utf8(start, at - 1)
        return at - start <= SHORT ? short(start, at - 1, hash) : letters(start, at - 1)
      }
      hash = (31 * hash + byte) | 0
      if (byte === BACKSLASH) return escaped(start)
      if (byte < 0x20) throw bad('no control character in a string')
      if (byte > 0x7f) ascii = false
    }
    throw bad("'\"'")
  }

  /** The rest of a string that has an escape at `at`. */
  const escaped = (start: number): string => {
    const parts = [utf8(start, at)]
    let plain = at
    const flush = (): void => void (plain < at && parts.push(utf8(plain, at)))
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (byte === QUOTE) {
        flush()
        at++
        return parts.join('')
      }
      if (byte < 0x20) throw bad('no control character in a string')
      if (byte === BACKSLASH) {
        flush()
        parts.push(escape())
        plain = at + 1
      }
    }
    throw bad("'\"'")
  }

  /** The text of the escape at `at`; `at` is its last byte then. */
  const escape = (): string => {
    const letter = bytes[at + 1]
    if (letter !== 0x75) {
      const text = letter === undefined ? undefined : escapedBytes[letter]
      if (text === undefined) throw bad('an escape')
      at++
      return text
    }
    const unit = codeUnit()
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit)
    const high = at
    if (unit < 0xdc00 && bytes[at + 1] === BACKSLASH && bytes[at + 2] === 0x75) {
      at++
      const low = codeUnit()
      if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(unit, low)
    }
    at = high - 5
    throw bad('no half of a surrogate pair')
  }

  /** The number in `\uXXXX` at `at`; `at` is its last byte then. */
  const codeUnit = (): number => {
    const digits = letters(at + 2, at + 6)
    if (!/^[\da-fA-F]{4}$/.test(digits)) throw bad('\\u and four hexadecimal digits')
    at += 5
    return parseInt(digits, 16)
  }

  const wholeNumber = (): number => {
    peek()
    const start = at
    let value = 0
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (byte < ZERO || byte > NINE) break
      value = 10 * value + (byte - ZERO)
    }
    const next = bytes[at]
    const leading = bytes[start] === ZERO && at > start + 1
    // A point, an exponent or a letter: no whole number, or no number at all.
    if (at === start || leading || next === 0x2e || next === 0x45 || next === 0x65) {
      at = start
      throw bad('a whole number, written as digits')
    }
    if (value > Number.MAX_SAFE_INTEGER) {
      at = start
      throw bad(`a whole number up to ${Number.MAX_SAFE_INTEGER}, which every reader holds exactly`)
    }
    return value
  }

  const members = (visit: (key: string) => void): void => {
    take(OBJECT)
    if (peek() !== OBJECT_END) {
      for (;;) {
        if (peek() !== QUOTE) throw bad('a key')
        const key = string()
        take(COLON)
        visit(key)
        if (peek() !== COMMA) break
        at++
      }
    }
    take(OBJECT_END)
  }

  const elements = (visit: (index: number) => void): void => {
    take(ARRAY)
    if (peek() !== ARRAY_END) {
      for (let index = 0; ; index++) {
        visit(index)
        if (peek() !== COMMA) break
        at++
      }
    }
    take(ARRAY_END)
  }

  const kind = (): JsonKind => {
    const byte = peek()
    if (byte === OBJECT) return 'object'
    if (byte === ARRAY) return 'array'
    if (byte === QUOTE) return 'string'
    if (byte === 0x2d || (byte >= ZERO && byte <= NINE)) return 'number'
    if (byte === 0x6e) return 'null'
    return byte === 0x74 || byte === 0x66 ? 'boolean' : 'nothing'
  }

  const number = (): number => {
    peek()
    const text = letters(at, at + MOST_DIGITS)
    const found = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\d.eE+-])/.exec(text)
    if (!found || found[0].length === MOST_DIGITS)
      throw bad(`a number of less than ${MOST_DIGITS} characters`)
    at += found[0].length
    return Number(found[0])
  }

  const skip = (depth: number): void => {
    const next = kind()
    if ((next === 'object' || next === 'array') && depth === 0)
      throw new JsonFault('expected fewer levels of nesting, found more')
    if (next === 'object') {
      const keys = new Set<string>()
      members((key) => {
        if (keys.has(key)) throw twice(key)
        keys.add(key)
        skip(depth - 1)
      })
    } else if (next === 'array') elements(() => skip(depth - 1))
    else if (next === 'string') string()
    else if (next === 'number') number()
    else if (next === 'null') word('null')
    else if (next === 'boolean') word(bytes[at] === 0x74 ? 'true' : 'false')
    else throw bad('a value')
  }

  return Object.freeze({
    kind,
    string,
    wholeNumber,
    number,
    null: () => {
      peek()
      word('null')
    },
    members,
    elements,
    skip,
    end: () => {
      if (peek() >= 0) throw bad('nothing more')
    },
  } satisfies JsonCursor)
}

// Bytes as text, or a reason why they are none. Comes in: bytes piece by piece. Goes out: pieces of text, cut
// where a blank follows a letter, since words of byte-level encodings end there.

const byteOrderMarks = [
  { name: 'UTF-32', bytes: [0xff, 0xfe, 0, 0] },
  { name: 'UTF-16', bytes: [0xff, 0xfe] },
  { name: 'UTF-16', bytes: [0xfe, 0xff] },
] as const
const utf8Bom = [0xef, 0xbb, 0xbf] as const

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, i) => bytes[i] === byte)

/** A piece is given when there is this much, less where no word ends. */
const ENOUGH = 2 ** 16

/**
 * Decode UTF-8 strictly.
 * @param bytes In pieces of any length.
 * @param name Of the file, for errors.
 * @throws RangeError naming the byte at which the file is no text.
 */
export async function* strictText(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let [offset, rest, first] = [0, '', true]
  let before = new Uint8Array(0)
  for await (const piece of bytes) {
    let part = piece
    if (first) {
      const bom = byteOrderMarks.find(({ bytes: start }) => startsWith(part, start))
      if (bom) throw new RangeError(`${name}: expected text in UTF-8, found ${bom.name}: store it as UTF-8`)
      if (startsWith(part, utf8Bom)) {
        part = part.subarray(3)
        offset = 3
      }
      first = false
    }
    const zero = part.indexOf(0)
    if (zero >= 0)
      throw new RangeError(
        `${name}: expected text, found ${hasUtf16(part) ? 'UTF-16' : 'binary data'}: a NUL byte at byte ${offset + zero}; ${hasUtf16(part) ? 'store it as UTF-8' : 'leave it out, or name the files that are text'}`,
      )
    let text: string
    try {
      text = decoder.decode(part, { stream: true })
    } catch {
      const both = Buffer.concat([before, part])
      throw new RangeError(
        `${name}: expected text in UTF-8, found other bytes at byte ${offset - before.length + invalidAt(both)}, as in Latin-1: store it as UTF-8`,
      )
    }
    offset += part.length
    // A character may be spread over two pieces: at most three bytes of it.
    before = part.slice(-3)
    rest += text
    if (rest.length < ENOUGH) continue
    const at = cutOf(rest)
    yield rest.slice(0, at)
    rest = rest.slice(at)
  }
  try {
    rest += decoder.decode()
  } catch {
    throw new RangeError(
      `${name}: expected text in UTF-8, found a character without its end at byte ${offset}`,
    )
  }
  if (rest !== '') yield rest
}

/** Whether every other byte is NUL, as in UTF-16 of Latin letters without a mark in front. */
function hasUtf16(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 256)
  const zeros = [0, 1].map((side) => start.filter((byte, i) => byte === 0 && i % 2 === side).length)
  return start.length >= 4 && Math.max(...zeros) > 0.4 * start.length && Math.min(...zeros) === 0
}

/** Where the last word before a blank ends; without one where a character does. */
function cutOf(text: string): number {
  for (let i = text.length - 1; i > text.length / 2; i--) {
    const code = text.charCodeAt(i)
    if ((code === 32 || code === 10) && /\p{L}/u.test(text[i - 1]!)) return i
  }
  return text.length
}

/** The first byte that cannot be part of UTF-8: the longest beginning that a decoder still takes. */
function invalidAt(bytes: Uint8Array): number {
  // Bytes that end a character begun earlier are taken with it, so that the search may begin anywhere.
  let start = 0
  while (start < 3 && (bytes[start]! & 0xc0) === 0x80) start++
  const isText = (length: number, stream: boolean): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, length), { stream })
      return true
    } catch {
      return false
    }
  }
  let [good, bad] = [start, bytes.length]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isText(middle, true)) good = middle
    else bad = middle
  }
  // The character that the byte at `good` breaks begins up to three bytes before it.
  while (!isText(good, false)) good--
  return good
}

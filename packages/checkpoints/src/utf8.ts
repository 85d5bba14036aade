// Texts in bytes, with what every runtime has. Comes in: bytes. Goes out: whether they are UTF-8, texts of
// parts of them. Source: the Encoding standard.

/** Bytes that are looked at in one go. */
const LOOK = 2 ** 16

/** Whether bytes are UTF-8; no text of all of them is made. */
export function isUtf8(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for (let at = 0; at < bytes.length; at += LOOK)
      decoder.decode(bytes.subarray(at, at + LOOK), { stream: true })
    decoder.decode()
    return true
  } catch {
    return false
  }
}

/** Texts of bytes [start, end) of an array. */
export interface TextIn {
  utf8(start: number, end: number): string
  /** Each byte one character: at most some hundred of them. */
  letters(start: number, end: number): string
}

/** Read texts out of bytes. */
export function textIn(bytes: Uint8Array): TextIn {
  // What looks like a mark of the byte order is a character of the text.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return {
    utf8: (start, end) => decoder.decode(bytes.subarray(start, end)),
    letters: (start, end) => String.fromCharCode(...bytes.subarray(start, end)),
  }
}

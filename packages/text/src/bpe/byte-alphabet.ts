// The characters that stand for bytes in byte-level vocabularies: printable ones for themselves, the others
// shifted beyond Latin-1. Comes in: nothing. Goes out: a character for each byte.

const isPrintable = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae

/** The character of each byte, by the byte. */
export const byteAlphabet: readonly string[] = (() => {
  let shifted = 0x100
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : shifted++))
})()

// Codes of 2 to 8 bits as a stream of bits, lowest bits first, and back. Comes in: a code a byte. Goes out:
// bytes, and back.
// Source: OCP MX v1.0 and NVFP4 (low nibble first); four 6-bit codes in three bytes.

/** Pack `count` codes of some bits into bytes; `encode` writes the codes, a byte each. */
export function packBits(
  bits: number,
  bytes: Uint8Array,
  count: number,
  encode: (to: Uint8Array) => void,
): void {
  if (bits === 8) {
    encode(bytes)
    return
  }
  const codes = new Uint8Array(count)
  encode(codes)
  if (bits === 4) {
    const pairs = Math.floor(count / 2)
    for (let i = 0, k = 0; i < pairs; i++, k += 2) bytes[i] = codes[k]! | (codes[k + 1]! << 4)
    if (count % 2 === 1) bytes[pairs] = codes[count - 1]!
    return
  }
  let [word, held, to] = [0, 0, 0]
  for (let k = 0; k < count; k++) {
    word |= codes[k]! << held
    held += bits
    if (held >= 8) {
      bytes[to++] = word
      word >>>= 8
      held -= 8
    }
  }
  if (held > 0) bytes[to] = word
}

/** The codes of a stream, a byte each. */
export function unpackBits(bits: number, bytes: Uint8Array, count: number): Uint8Array {
  if (bits === 8) return bytes
  const codes = new Uint8Array(count)
  if (bits === 4) {
    for (let k = 0; k < count; k += 2) {
      const byte = bytes[k / 2]!
      codes[k] = byte & 15
      // Beyond the end of an odd count nothing is written.
      codes[k + 1] = byte >> 4
    }
    return codes
  }
  const mask = 2 ** bits - 1
  let [word, held, from] = [0, 0, 0]
  for (let k = 0; k < count; k++) {
    if (held < bits) {
      word |= bytes[from++]! << held
      held += 8
    }
    codes[k] = word & mask
    word >>>= bits
    held -= bits
  }
  return codes
}

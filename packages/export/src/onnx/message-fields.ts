// Fields of a protobuf message in a file, without their contents. Comes in: a source of bytes, a range. Goes
// out: fields with the places of their contents, read as they are passed. Source: Protocol Buffers
// documentation, "Encoding".

import type { ByteSource } from '@lotion/checkpoints/bytes'

/** One field. */
export interface Field {
  readonly id: number
  /** Of a varint. */
  readonly value?: number
  /** Where the content begins and ends, of a field with a length. */
  readonly from: number
  readonly to: number
}

/** Bytes that are read at once: contents that are passed over are longer. */
const WINDOW = 4096
/** Bytes of the longest varint. */
const MOST_VARINT = 10

/** Read bytes of a file through a window, which small reads that follow each other share. */
export function windowed({ size, read }: ByteSource): (at: number) => Promise<number> {
  let [start, window] = [0, new Uint8Array(0)]
  return async (at) => {
    if (at >= size) throw new Error(`expected more bytes at ${at}, found the end; the file is cut short`)
    if (at < start || at >= start + window.length) {
      window = new Uint8Array(Math.min(WINDOW, size - at))
      await read(at, window)
      start = at
    }
    return window[at - start]!
  }
}

/** List the fields of a message that stands in [from, to). @throws if they do not end where it does. */
export async function* fieldsOf(
  byteAt: (at: number) => Promise<number>,
  from: number,
  to: number,
): AsyncGenerator<Field> {
  let at = from
  const varint = async (): Promise<number> => {
    let value = 0n
    for (let i = 0; i < MOST_VARINT; i++) {
      const byte = await byteAt(at++)
      value |= BigInt(byte & 127) << BigInt(7 * i)
      if (byte < 128) return Number(BigInt.asIntN(64, value))
    }
    throw new Error(`expected a number of at most ${MOST_VARINT} bytes at ${at}, found more`)
  }
  while (at < to) {
    const key = await varint()
    const [id, type] = [Math.floor(key / 8), key % 8]
    const begin = at
    if (type === 0) {
      const value = await varint()
      yield { id, value, from: begin, to: at }
    } else {
      const length = type === 2 ? await varint() : type === 1 ? 8 : type === 5 ? 4 : -1
      if (length < 0 || at + length > to)
        throw new Error(`expected a field that ends before ${to}, found one of kind ${type} at ${begin}`)
      const start = at
      at += length
      yield { id, from: start, to: at }
    }
  }
}

// Reading numbers and texts one after the other. Comes in: the first bytes of a file, its size. Goes out:
// what they say, each checked against the end of the file before anything is made of it.

/** Most bytes of metadata and table of tensors, as many as a safetensors header may have. */
export const MAX_HEADER_BYTES = 100_000_000

/** More bytes of the file have to be read first. */
export class NeedsMore extends Error {}

/** Place in the bytes, and what is read there. */
export interface GgufCursor {
  /** Bytes that were read. */
  readonly at: number
  /** Bytes of the file behind the place. */
  readonly left: number
  /** Pass over some bytes; answers where they begin. @throws if the file ends before. */
  take(length: number): number
  u32(): number
  u64(): bigint
  /** The number of things that follow, of at least `each` bytes. @throws if the file has no room for them. */
  count(what: string, each: number): number
  /** A text: its length, then its UTF-8. */
  text(): string
  readonly view: DataView
}

/** Read from the start of `bytes`, the first ones of a file of `fileSize`. */
export function ggufCursor(bytes: Uint8Array, fileSize: number): GgufCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let at = 0
  const take = (length: number): number => {
    const [from, end] = [at, at + length]
    if (end > fileSize)
      throw new Error(`expected ${length} bytes at ${at}, found ${fileSize - at}; the file is cut short`)
    if (end > MAX_HEADER_BYTES)
      throw new Error(
        `expected at most ${MAX_HEADER_BYTES} bytes of metadata and table of tensors, found more`,
      )
    if (end > bytes.length) throw new NeedsMore()
    at = end
    return from
  }
  const count = (what: string, each: number): number => {
    const found = view.getBigUint64(take(8), true)
    const most = Math.floor((fileSize - at) / each)
    if (found > BigInt(most))
      throw new Error(`${what}: expected at most ${most}, for which the file has room, found ${found}`)
    return Number(found)
  }
  return {
    get at() {
      return at
    },
    get left() {
      return fileSize - at
    },
    view,
    take,
    count,
    u32: () => view.getUint32(take(4), true),
    u64: () => view.getBigUint64(take(8), true),
    text: () => {
      const length = count('bytes of a text', 1)
      const from = take(length)
      try {
        return decoder.decode(bytes.subarray(from, from + length))
      } catch (error) {
        throw new Error(`expected a text in UTF-8 at ${from}, found other bytes`, { cause: error })
      }
    },
  }
}

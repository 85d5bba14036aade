// GGUF files by hand, right or wrong, for tests. Comes in: metadata and tensors as a file would tell them.
// Goes out: bytes.

/** Little-endian numbers and texts, one after the other. */
export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
export const u64 = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
export const text = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([u64(bytes.length), bytes])
}

/** A pair of metadata: its key, the number of its type, the bytes of its value. */
export const pair = (key: string, type: number, ...value: readonly Buffer[]): Buffer =>
  Buffer.concat([text(key), u32(type), ...value])

/** An entry of the table; extents in the file's order, the first one fastest. */
export const entry = (
  name: string,
  extents: readonly (number | bigint)[],
  type: number,
  offset: number | bigint,
): Buffer => Buffer.concat([text(name), u32(extents.length), ...extents.map(u64), u32(type), u64(offset)])

/** A file of version 3, or another, padded to 32 bytes, with so many bytes of data. */
export function ggufBytes({
  pairs = [],
  entries = [],
  data = 0,
  version = 3,
  tensorCount = entries.length,
  pairCount = pairs.length,
}: {
  readonly pairs?: readonly Buffer[]
  readonly entries?: readonly Buffer[]
  readonly data?: number | Uint8Array
  readonly version?: number
  readonly tensorCount?: number | bigint
  readonly pairCount?: number | bigint
}): Buffer {
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    u32(version),
    u64(tensorCount),
    u64(pairCount),
    ...pairs,
    ...entries,
  ])
  const padding = Buffer.alloc((32 - (header.length % 32)) % 32)
  return Buffer.concat([header, padding, typeof data === 'number' ? Buffer.alloc(data) : data])
}

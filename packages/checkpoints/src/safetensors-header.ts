// The header of a safetensors file: what is in it and where, checked to the last byte.
// Comes in: the header's bytes and the length of the data behind it. Goes out: entries whose ranges tile the data.
// Source: the safetensors format (8-byte little-endian header length, JSON header, tensors without gaps).

import { z } from 'zod'
import { dtypeBits, type Dtype } from './dtype.js'
import { parseStrictJson } from './strict-json.js'

/** Largest header the format allows, in bytes. */
export const MAX_HEADER_BYTES = 100_000_000

/** Bytes in front of the header: its length. */
export const LENGTH_BYTES = 8

/** Where a tensor stands: bytes [begin, end) of the data behind the header. */
export interface TensorEntry {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/** What a header says. */
export interface Header {
  readonly metadata: Readonly<Record<string, string>>
  readonly entries: ReadonlyMap<string, TensorEntry>
}

const count = z.int().nonnegative()
const dtypes = Object.keys(dtypeBits) as [Dtype, ...Dtype[]]
const entrySchema = z.strictObject({
  dtype: z.enum(dtypes),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
})
const metadataSchema = z.record(z.string(), z.string())
// Object of entries, entry of arrays: anything deeper is no header.
const MAX_DEPTH = 3

/**
 * Read the length of the header from a file's first 8 bytes.
 * @throws Error if it is beyond the file or the format's limit.
 */
export function headerLength(prefix: Uint8Array, fileSize: number): number {
  if (prefix.length < LENGTH_BYTES) {
    throw new Error(
      `file size: expected at least ${LENGTH_BYTES} bytes, found ${prefix.length}; the file is truncated or no safetensors file`,
    )
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, LENGTH_BYTES)
  const length = view.getBigUint64(0, true)
  const room = fileSize - LENGTH_BYTES
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw new Error(
      `header length: expected at most ${MAX_HEADER_BYTES} bytes, found ${length}; this is no safetensors file`,
    )
  }
  if (length > BigInt(room)) {
    throw new Error(
      `header length: expected at most the ${room} bytes that follow, found ${length}; the file is truncated or no safetensors file`,
    )
  }
  return Number(length)
}

function decode(bytes: Uint8Array): unknown {
  if (bytes[0] !== 0x7b)
    throw new Error("header: expected a JSON object starting with '{', found something else")
  try {
    return parseStrictJson(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
      MAX_DEPTH,
    )
  } catch (error) {
    throw new Error(`header: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** Bytes that a shape and a type need. */
function sizeInBytes(name: string, shape: readonly number[], dtype: Dtype): number {
  const elements = shape.reduce((product, extent) => product * extent, 1)
  const bits = elements * dtypeBits[dtype]
  if (!Number.isSafeInteger(bits))
    throw new Error(`shape of '${name}': expected fewer elements, found [${shape.join(', ')}]`)
  if (bits % 8 !== 0) {
    throw new Error(
      `shape of '${name}': expected whole bytes of ${dtype}, found ${bits} bits for [${shape.join(', ')}]`,
    )
  }
  return bits / 8
}

function entryOf(name: string, value: unknown, dataLength: number): TensorEntry {
  const parsed = entrySchema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`entry '${name}': ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not an entry'}`)
  }
  const { dtype, shape } = parsed.data
  const [begin, end] = parsed.data.data_offsets
  if (begin > end || end > dataLength) {
    throw new Error(
      `data_offsets of '${name}': expected 0 ≤ begin ≤ end ≤ ${dataLength}, found [${begin}, ${end}]; the file is truncated or damaged`,
    )
  }
  const expected = sizeInBytes(name, shape, dtype)
  if (end - begin !== expected) {
    throw new Error(
      `data_offsets of '${name}': expected ${expected} bytes for ${dtype} [${shape.join(', ')}], found ${end - begin}`,
    )
  }
  return { dtype, shape, begin, end }
}

/** Refuse ranges that overlap, leave a hole or do not reach the end. */
function checkTiling(entries: ReadonlyMap<string, TensorEntry>, dataLength: number): void {
  const inOrder = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)
  let reached = 0
  for (const [name, { begin, end }] of inOrder) {
    if (begin !== reached) {
      throw new Error(
        `data_offsets of '${name}': expected to begin at ${reached}, where the tensor before ends, found ${begin} (${begin < reached ? 'overlap' : 'hole'})`,
      )
    }
    reached = end
  }
  if (reached !== dataLength) {
    throw new Error(
      `data: expected ${reached} bytes behind the header, found ${dataLength}; the end belongs to no tensor`,
    )
  }
}

/**
 * Parse and check a header. `dataLength` is the number of bytes behind it.
 * @throws Error saying which entry is wrong, what was expected and what was found.
 */
export function parseHeader(bytes: Uint8Array, dataLength: number): Header {
  const value = decode(bytes)
  if (typeof value !== 'object' || value === null) throw new Error('header: expected a JSON object')
  const entries = new Map<string, TensorEntry>()
  let metadata: Readonly<Record<string, string>> = {}
  for (const [name, entry] of Object.entries(value)) {
    if (name === '__proto__') throw new Error("header: expected no tensor of the name '__proto__'")
    if (name === '__metadata__') {
      const parsed = metadataSchema.safeParse(entry)
      if (!parsed.success) throw new Error('__metadata__: expected an object of strings')
      metadata = parsed.data
    } else entries.set(name, entryOf(name, entry, dataLength))
  }
  checkTiling(entries, dataLength)
  return { metadata, entries }
}

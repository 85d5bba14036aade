// The header of a GGUF file: metadata, what tensors there are and where, checked to the last byte. Comes in:
// the first bytes of a file, its size. Goes out: entries whose ranges tile the data, but for padding.
// Source: the GGUF specification, versions 2 and 3.

import { dictionary, type ByteRange } from '../safetensors-header.js'
import { shownName, shownShape } from '../shown.js'
import { ggufCursor, NeedsMore, type GgufCursor } from './gguf-cursor.js'
import type { GgufType } from './gguf-type.js'
import { typesById } from './gguf-types.js'
import { readGgufValue, type GgufValue } from './gguf-values.js'

/** What a tensor of a GGUF file is made of. */
export interface GgufTensorInfo {
  /** Type of its blocks, by ggml's name: `Q4_K`. */
  readonly type: string
  /** As PyTorch has it, the last axis fastest; a file lists the extents the other way round. */
  readonly shape: readonly number[]
}

/** What a header says. Names are keys of objects without a prototype. */
export interface GgufHeader {
  readonly version: number
  readonly metadata: Readonly<Record<string, GgufValue>>
  readonly tensors: Readonly<Record<string, GgufTensorInfo>>
  /** Where each tensor stands in the file. */
  readonly ranges: ReadonlyMap<string, ByteRange>
}

/** `GGUF`, as a little-endian number. */
export const MAGIC = 0x46554747
const versions: readonly number[] = [2, 3]
const MOST_AXES = 4
/** Where a file does not say otherwise. */
const ALIGNMENT = 32
/** Fewest bytes of an entry: lengths, kinds and offsets alone. */
const [LEAST_TENSOR, LEAST_PAIR] = [24, 13]

/**
 * Parse the first bytes of a file.
 * @throws NeedsMore if the header goes on behind them; Error saying what was expected and what was found.
 */
export function parseGgufHeader(bytes: Uint8Array, fileSize: number): GgufHeader {
  const cursor = ggufCursor(bytes, fileSize)
  const version = versionOf(cursor)
  const tensorCount = cursor.count('number of tensors', LEAST_TENSOR)
  const pairs = cursor.count('number of metadata', LEAST_PAIR)
  const metadata = dictionary<GgufValue>()
  for (let i = 0; i < pairs; i++) {
    const key = within(`metadata ${i}`, () => cursor.text())
    if (key in metadata) throw new Error(`metadata ${shownName(key)}: expected it once, found it twice`)
    metadata[key] = within(`metadata ${shownName(key)}`, () => readGgufValue(cursor))
  }
  const alignment = alignmentOf(metadata)
  const tensors = dictionary<GgufTensorInfo>()
  const found: (ByteRange & { readonly name: string })[] = []
  for (let i = 0; i < tensorCount; i++) {
    const name = within(`tensor ${i}`, () => cursor.text())
    if (name in tensors) throw new Error(`tensor ${shownName(name)}: expected it once, found it twice`)
    const { info, offset, length } = within(`tensor ${shownName(name)}`, () => readEntry(cursor))
    tensors[name] = info
    found.push({ name, begin: offset, end: offset + length })
  }
  return { version, metadata, tensors, ranges: placed(found, cursor.at, alignment, fileSize) }
}

function versionOf(cursor: GgufCursor): number {
  if (cursor.left < 24)
    throw new Error(`file size: expected at least 24 bytes, found ${cursor.left}; this is no GGUF file`)
  const magic = cursor.u32()
  if (magic !== MAGIC)
    throw new Error(`expected 'GGUF' at the start, found other bytes; this is no GGUF file`)
  const version = cursor.u32()
  if (version !== 0 && (version & 0xffff) === 0)
    throw new Error(
      `byte order: expected a little-endian file, found a big-endian one; convert it with gguf-convert-endian of PyPI's gguf`,
    )
  if (!versions.includes(version))
    throw new Error(`version: expected one of ${versions.join(', ')}, found ${version}`)
  return version
}

/** Say where an error was found. */
export function within<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof NeedsMore) throw error
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** What tensors begin at multiples of. @throws unless it is a power of two. */
export function alignmentOf(metadata: Readonly<Record<string, GgufValue>>): number {
  const found = metadata['general.alignment'] ?? ALIGNMENT
  // A power of two has one bit.
  if (typeof found !== 'number' || !Number.isInteger(Math.log2(found)) || found < 1 || found > 2 ** 31)
    throw new Error(
      `metadata 'general.alignment': expected a power of two, found ${typeof found === 'object' ? 'an array' : found}`,
    )
  return found
}

/** Read an entry of the table, and check it alone. */
function readEntry(cursor: GgufCursor) {
  const axes = cursor.u32()
  if (axes > MOST_AXES) throw new Error(`number of axes: expected at most ${MOST_AXES}, found ${axes}`)
  const extents: bigint[] = []
  for (let i = 0; i < axes; i++) extents.push(cursor.u64())
  const id = cursor.u32()
  const type = typesById.get(id)
  if (!type) {
    const known = [...typesById.values()].map((each) => `${each.id} (${each.name})`)
    throw new Error(`type: expected one of ${known.join(', ')}, found ${id}`)
  }
  const length = lengthOf(extents, type)
  const offset = cursor.u64()
  if (offset > BigInt(Number.MAX_SAFE_INTEGER) - BigInt(length))
    throw new Error(`offset: expected one within the file, found ${offset}`)
  const shape = extents.map(Number).reverse()
  return { info: Object.freeze({ type: type.name, shape }), offset: Number(offset), length }
}

/**
 * Bytes of a tensor; its extents are in the order of files.
 * @throws unless its rows are whole blocks, and a double holds all sizes.
 */
export function lengthOf(extents: readonly bigint[], { name, weights, bytes }: GgufType): number {
  const most = BigInt(Number.MAX_SAFE_INTEGER)
  let count = 1n
  for (const extent of extents) {
    count *= extent
    if (count * BigInt(bytes) > most || extent > most)
      throw new Error(`shape: expected fewer elements, found ${shownExtents(extents)} of ${name}`)
  }
  if ((extents[0] ?? 1n) % BigInt(weights) !== 0n)
    throw new Error(
      `shape: expected rows of a multiple of ${weights} weights, which a block of ${name} has, found ${shownExtents(extents)}`,
    )
  return (Number(count) / weights) * bytes
}

function shownExtents(extents: readonly bigint[]): string {
  return shownShape(extents.map(Number).reverse())
}

/** Places in the file. @throws if tensors overlap, leave a hole that is no padding, or the end is another. */
function placed(
  found: readonly (ByteRange & { readonly name: string })[],
  headerEnd: number,
  alignment: number,
  fileSize: number,
): ReadonlyMap<string, ByteRange> {
  const padded = (place: number): number => Math.ceil(place / alignment) * alignment
  const dataAt = padded(headerEnd)
  let reached = 0
  let end = headerEnd
  for (const range of [...found].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const { name, begin } = range
    if (begin !== reached)
      throw new Error(
        `tensor ${shownName(name)}: offset: expected ${reached}, where the tensor before ends, in steps of ${alignment}, found ${begin} (${begin < reached ? 'overlap' : 'hole'})`,
      )
    end = dataAt + range.end
    reached = padded(range.end)
    if (end > fileSize)
      throw new Error(
        `tensor ${shownName(name)}: expected ${range.end - begin} bytes at ${dataAt + begin}, found ${Math.max(0, fileSize - dataAt - begin)}; the file is cut short`,
      )
  }
  if (fileSize > padded(end))
    throw new Error(
      `file size: expected ${end} bytes, or ${padded(end)} with padding, found ${fileSize}; the end belongs to no tensor`,
    )
  return new Map(
    found.map(({ name, begin, end: last }) => [name, { begin: dataAt + begin, end: dataAt + last }]),
  )
}

// The header of a safetensors file: what is in it and where, checked to the last byte. Comes in: the header's
// bytes and the length of the data behind it. Goes out: entries whose ranges tile the data.
// Source: the safetensors format (8-byte little-endian header length, JSON header, tensors without gaps).

import { dtypeBits, type Dtype } from './dtype.js'
import { cutText, jsonCursor, JsonFault, twice, type JsonCursor } from './json-cursor.js'
import { shownName, shownShape } from './shown.js'

/** Largest header the format allows, in bytes. */
export const MAX_HEADER_BYTES = 100_000_000

/** Bytes in front of the header: its length. */
export const LENGTH_BYTES = 8

/** The name under which a header keeps its metadata: no tensor can have it. */
export const METADATA = '__metadata__'

/** What a tensor is made of. */
export interface TensorInfo {
  /** Type of the elements, by its name in safetensors. */
  readonly dtype: Dtype
  /** Whole numbers from 0, one an axis; [] is a scalar. */
  readonly shape: readonly number[]
  /** Of a GGUF file, the type of its blocks: `Q4_K`. Its tensors are decoded to f32 when they are read. */
  readonly stored?: string
}

/** Where a tensor stands: bytes [begin, end) of the data behind the header. */
export interface ByteRange {
  readonly begin: number
  readonly end: number
}

/** What a header says. Names are keys of objects without a prototype: `__proto__` is an ordinary name. */
export interface Header {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: Readonly<Record<string, TensorInfo>>
  readonly ranges: ReadonlyMap<string, ByteRange>
}

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

/**
 * Bytes that a tensor of a shape and a type needs.
 * @throws RangeError unless all extents, and all products of the first ones, are whole numbers that a double
 * holds and the bytes are whole.
 */
export function sizeInBytes(name: string, shape: readonly number[], dtype: Dtype): number {
  let bits: number = dtypeBits[dtype]
  for (const extent of shape) {
    if (!Number.isSafeInteger(extent) || extent < 0) {
      throw new RangeError(
        `shape of ${shownName(name)}: expected whole extents of at least 0, found ${shownShape(shape)}`,
      )
    }
    bits *= extent
    if (bits > Number.MAX_SAFE_INTEGER)
      throw new RangeError(
        `shape of ${shownName(name)}: expected fewer elements, found ${shownShape(shape)} of ${dtype}`,
      )
  }
  if (bits % 8 !== 0) {
    throw new RangeError(
      `shape of ${shownName(name)}: expected whole bytes of ${dtype}, found ${bits} bits for ${shownShape(shape)}`,
    )
  }
  return bits / 8
}

const dtypes: ReadonlyMap<string, Dtype> = new Map(
  (Object.keys(dtypeBits) as Dtype[]).map((dtype) => [dtype, dtype]),
)

/** The members of an entry, as far as they were read; where the reading is, for a complaint. */
interface Draft {
  dtype?: Dtype
  shape?: number[]
  data_offsets?: number[]
  member: string
  index: number
}

function readNumbers(json: JsonCursor, draft: Draft): number[] {
  const numbers: number[] = []
  if (json.kind() !== 'array') throw new Error(`expected an array of whole numbers, found ${a(json)}`)
  json.elements((index) => {
    draft.index = index
    numbers.push(json.wholeNumber())
  })
  draft.index = -1
  return numbers
}

function readMember(json: JsonCursor, draft: Draft, key: string): void {
  draft.member = key
  if (key !== 'dtype' && key !== 'shape' && key !== 'data_offsets')
    throw new Error(`Unrecognized key: expected dtype, shape and data_offsets, found ${cutText(key)}`)
  if (draft[key] !== undefined) throw twice(key)
  if (key === 'dtype') {
    if (json.kind() !== 'string') throw new Error(`expected a name, found ${a(json)}`)
    const name = json.string()
    const dtype = dtypes.get(name)
    if (dtype === undefined)
      throw new Error(`expected one of ${[...dtypes.keys()].join(', ')}, found ${cutText(name)}`)
    draft.dtype = dtype
  } else draft[key] = readNumbers(json, draft)
}

/** Name the kind of what comes next. */
function a(json: JsonCursor): string {
  const kind = json.kind()
  return kind === 'array' || kind === 'object' ? `an ${kind}` : kind === 'nothing' ? 'no value' : `a ${kind}`
}

/** Read an entry, and check it alone. */
function readEntry(json: JsonCursor, name: string, dataLength: number): TensorInfo & ByteRange {
  const draft: Draft = { member: '', index: -1 }
  try {
    if (json.kind() !== 'object') throw new Error(`expected object, found ${a(json)}`)
    json.members((key) => readMember(json, draft, key))
  } catch (error) {
    const place = [draft.member, draft.index].filter((part) => part !== '' && part !== -1).join('.')
    throw new Error(
      `entry ${shownName(name)}: ${place === '' ? '' : `${cutPlace(place)}: `}${messageOf(error)}`,
      { cause: error },
    )
  }
  const { dtype, shape, data_offsets: offsets } = draft
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    const missing = dtype === undefined ? 'dtype' : shape === undefined ? 'shape' : 'data_offsets'
    throw new Error(`entry ${shownName(name)}: ${missing}: expected one, found none`)
  }
  const [begin, end] = offsets
  if (begin === undefined || end === undefined || offsets.length !== 2) {
    throw new Error(
      `entry ${shownName(name)}: data_offsets: expected 2 numbers, found ${offsets.length} of them`,
    )
  }
  if (begin > end || end > dataLength) {
    throw new Error(
      `data_offsets of ${shownName(name)}: expected 0 ≤ begin ≤ end ≤ ${dataLength}, found [${begin}, ${end}]; the file is truncated or damaged`,
    )
  }
  const expected = sizeInBytes(name, shape, dtype)
  if (end - begin !== expected) {
    throw new Error(
      `data_offsets of ${shownName(name)}: expected ${expected} bytes for ${dtype} ${shownShape(shape)}, found ${end - begin}`,
    )
  }
  return { dtype, shape, begin, end }
}

function cutPlace(place: string): string {
  return place.length > 40 ? `${place.slice(0, 40)}…` : place
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Refuse ranges that overlap, leave a hole or do not reach the end. */
function checkTiling(ranges: ReadonlyMap<string, ByteRange>, dataLength: number): void {
  let reached = 0
  let inOrder = true
  for (const { begin, end } of ranges.values()) {
    inOrder &&= begin === reached
    reached = end
  }
  if (!inOrder) {
    reached = 0
    for (const [name, { begin, end }] of [...ranges].sort(
      ([, x], [, y]) => x.begin - y.begin || x.end - y.end,
    )) {
      if (begin !== reached) {
        throw new Error(
          `data_offsets of ${shownName(name)}: expected to begin at ${reached}, where the tensor before ends, found ${begin} (${begin < reached ? 'overlap' : 'hole'})`,
        )
      }
      reached = end
    }
  }
  if (reached !== dataLength) {
    throw new Error(
      `data: expected ${reached} bytes behind the header, found ${dataLength}; the end belongs to no tensor`,
    )
  }
}

function readMetadata(json: JsonCursor): Record<string, string> {
  const metadata = dictionary<string>()
  // The reference writes none as `null`, too.
  if (json.kind() === 'null') {
    json.null()
    return metadata
  }
  if (json.kind() !== 'object')
    throw new Error(`${METADATA}: expected an object of strings, found ${a(json)}`)
  json.members((key) => {
    if (key in metadata) throw twice(key)
    if (json.kind() !== 'string')
      throw new Error(`${METADATA}: expected an object of strings, found ${a(json)} under ${cutText(key)}`)
    metadata[key] = json.string()
  })
  return metadata
}

/** An object without a prototype: every key is its own. */
export function dictionary<T>(entries: Iterable<readonly [string, T]> = []): Record<string, T> {
  const made = Object.create(null) as Record<string, T>
  for (const [key, value] of entries) made[key] = value
  return made
}

/**
 * Parse and check a header. `dataLength` is the number of bytes behind it.
 * @throws Error saying which entry is wrong, what was expected and what was found.
 */
export function parseHeader(bytes: Uint8Array, dataLength: number): Header {
  if (bytes[0] !== 0x7b)
    throw new Error("header: expected a JSON object starting with '{', found something else")
  const ranges = new Map<string, ByteRange>()
  const tensors = dictionary<TensorInfo>()
  let metadata: Record<string, string> | undefined
  try {
    const json = jsonCursor(bytes)
    json.members((name) => {
      if (name === METADATA) {
        if (metadata) throw twice(name)
        metadata = readMetadata(json)
        return
      }
      if (ranges.has(name)) throw twice(name)
      const { dtype, shape, begin, end } = readEntry(json, name, dataLength)
      tensors[name] = { dtype, shape }
      ranges.set(name, { begin, end })
    })
    json.end()
  } catch (error) {
    throw error instanceof JsonFault ? new Error(`header: ${error.message}`, { cause: error }) : error
  }
  checkTiling(ranges, dataLength)
  return { metadata: metadata ?? dictionary(), tensors, ranges }
}

// Values of metadata, and how numbers of each type stand in a file. Comes in: a cursor before one, the number
// of its type. Goes out: a number, text, boolean or array of such.
// Source: gguf_metadata_value_type of the GGUF specification.

import type { GgufCursor } from './gguf-cursor.js'

/** Numbers of at most 32 bits, and doubles, as typed arrays. */
export type GgufNumbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

/** A value of metadata. Whole numbers of 64 bits that a double does not hold are a `bigint`. */
export type GgufValue = string | number | bigint | boolean | GgufNumbers | readonly GgufValue[]

/** Arrays within arrays: more are no metadata of a model. */
const DEEPEST = 4

const ARRAY = 9

/** Numbers of one type, read and written by the view of that name. */
export interface NumberKind {
  /** Fewest bytes of a value. */
  readonly bytes: number
  read(view: DataView, at: number): number | bigint
  write(view: DataView, at: number, value: number | bigint): void
  /** What an array of them is, where it is a typed one. */
  readonly array?: new (length: number) => GgufNumbers
}

/** How values of one type are read. */
interface ValueKind {
  readonly name: string
  /** Fewest bytes of a value. */
  readonly bytes: number
  one(cursor: GgufCursor): GgufValue
  /** Where an array of them is a typed one. */
  many?(cursor: GgufCursor, count: number): GgufNumbers
  /** Where values are numbers. */
  readonly number?: NumberKind
}

/** Numbers of one width, and arrays of them. */
function numbers(
  name: string,
  bytes: number,
  read: (view: DataView, at: number) => number,
  write: (view: DataView, at: number, value: number) => void,
  array: new (length: number) => GgufNumbers,
): ValueKind {
  return {
    name,
    bytes,
    one: (cursor) => read(cursor.view, cursor.take(bytes)),
    many: (cursor, count) => {
      const from = cursor.take(count * bytes)
      const made = new array(count)
      for (let i = 0; i < count; i++) made[i] = read(cursor.view, from + i * bytes)
      return made
    },
    number: { bytes, read, write: (view, at, value) => write(view, at, Number(value)), array },
  }
}

/** Whole numbers of 64 bits, of which a double does not hold all. */
function wide(
  name: string,
  read: (view: DataView, at: number) => bigint,
  write: (view: DataView, at: number, value: bigint) => void,
): ValueKind {
  return {
    name,
    bytes: 8,
    one: (cursor) => exact(read(cursor.view, cursor.take(8))),
    number: { bytes: 8, read, write: (view, at, value) => write(view, at, BigInt(value)) },
  }
}

/** As a number where a double holds it. */
function exact(value: bigint): number | bigint {
  const near = Number(value)
  return Number.isSafeInteger(near) ? near : value
}

const kinds: readonly ValueKind[] = [
  numbers(
    'uint8',
    1,
    (view, at) => view.getUint8(at),
    (view, at, x) => view.setUint8(at, x),
    Uint8Array,
  ),
  numbers(
    'int8',
    1,
    (view, at) => view.getInt8(at),
    (view, at, x) => view.setInt8(at, x),
    Int8Array,
  ),
  numbers(
    'uint16',
    2,
    (view, at) => view.getUint16(at, true),
    (view, at, x) => view.setUint16(at, x, true),
    Uint16Array,
  ),
  numbers(
    'int16',
    2,
    (view, at) => view.getInt16(at, true),
    (view, at, x) => view.setInt16(at, x, true),
    Int16Array,
  ),
  numbers(
    'uint32',
    4,
    (view, at) => view.getUint32(at, true),
    (view, at, x) => view.setUint32(at, x, true),
    Uint32Array,
  ),
  numbers(
    'int32',
    4,
    (view, at) => view.getInt32(at, true),
    (view, at, x) => view.setInt32(at, x, true),
    Int32Array,
  ),
  numbers(
    'float32',
    4,
    (view, at) => view.getFloat32(at, true),
    (view, at, x) => view.setFloat32(at, x, true),
    Float32Array,
  ),
  { name: 'bool', bytes: 1, one: truth },
  { name: 'string', bytes: 8, one: (cursor) => cursor.text() },
  { name: 'array', bytes: 12, one: (cursor) => arrayOf(cursor, 1) },
  wide(
    'uint64',
    (view, at) => view.getBigUint64(at, true),
    (view, at, x) => view.setBigUint64(at, x, true),
  ),
  wide(
    'int64',
    (view, at) => view.getBigInt64(at, true),
    (view, at, x) => view.setBigInt64(at, x, true),
  ),
  numbers(
    'float64',
    8,
    (view, at) => view.getFloat64(at, true),
    (view, at, x) => view.setFloat64(at, x, true),
    Float64Array,
  ),
]

/** The number that a file has for a type. */
export const typeId = (name: string): number => kinds.findIndex((kind) => kind.name === name)

/** Types of numbers by their names. */
export const numberKinds: ReadonlyMap<string, NumberKind> = new Map(
  kinds.flatMap(({ name, number }) => (number ? [[name, number] as const] : [])),
)

function truth(cursor: GgufCursor): boolean {
  const byte = cursor.view.getUint8(cursor.take(1))
  if (byte > 1) throw new Error(`expected 0 or 1 for a boolean, found ${byte}`)
  return byte === 1
}

function kindOf(type: number): ValueKind {
  const kind = kinds[type]
  if (!kind)
    throw new Error(
      `type: expected a number from 0 to ${kinds.length - 1}, of ${kinds.map(({ name }) => name).join(', ')}, found ${type}`,
    )
  return kind
}

function arrayOf(cursor: GgufCursor, depth: number): GgufValue {
  if (depth > DEEPEST)
    throw new Error(`expected arrays of at most ${DEEPEST} levels, found more within each other`)
  const type = cursor.u32()
  const kind = kindOf(type)
  const count = cursor.count(`elements of an array of ${kind.name}`, kind.bytes)
  if (kind.many) return kind.many(cursor, count)
  const values: GgufValue[] = []
  for (let i = 0; i < count; i++) values.push(type === ARRAY ? arrayOf(cursor, depth + 1) : kind.one(cursor))
  return values
}

/** Read a value and the type in front of it. @throws saying what was expected and found. */
export function readGgufValue(cursor: GgufCursor): GgufValue {
  return kindOf(cursor.u32()).one(cursor)
}

// Values of metadata as they are written. Comes in: texts, truths, typed arrays, numbers with their types.
// Goes out: bytes, the type in front. Source: gguf_metadata_value_type of the GGUF specification.

import { shownName } from '../shown.js'
import { numberKinds, typeId, type GgufNumbers } from './gguf-values.js'

/** Name a type of numbers in metadata. */
export type GgufScalarType =
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'float32'
  | 'uint64'
  | 'int64'
  | 'float64'

/** A number and what it is stored as: readers ask for some keys in one type alone. */
export interface GgufNumber {
  /** Most readers take counts as `uint32`, other numbers as `float32`. */
  readonly type: GgufScalarType
  /** In the range of the type; rounded to it where that is `float32`. */
  readonly value: number | bigint
}

/** A value that metadata may have: a text, a truth, a number with its type, or an array. */
export type WritableGgufValue =
  | string
  | boolean
  | GgufNumber
  | GgufNumbers
  | readonly string[]
  | readonly boolean[]

/** Bytes that grow at their end. */
export interface GgufSink {
  /** Bytes that were written. */
  readonly length: number
  number(type: GgufScalarType, value: number | bigint): void
  /** Its length, then its UTF-8. @throws RangeError if it is none of Unicode. */
  text(text: string): void
  /** Zeros up to a multiple. */
  align(multiple: number): void
  /** All of them; what is written later is not in it. */
  bytes(): Uint8Array<ArrayBuffer>
}

/** Begin without bytes. */
export function ggufSink(): GgufSink {
  let held = new Uint8Array(2 ** 16)
  let view = new DataView(held.buffer)
  let length = 0
  const utf8 = new TextEncoder()
  const reserve = (count: number): number => {
    const at = length
    length += count
    if (length > held.length) {
      const larger = new Uint8Array(Math.max(2 * held.length, length))
      larger.set(held)
      held = larger
      view = new DataView(held.buffer)
    }
    return at
  }
  const number: GgufSink['number'] = (type, value) => {
    const kind = numberKinds.get(type)
    if (!kind)
      throw new RangeError(`type: expected one of ${[...numberKinds.keys()].join(', ')}, found ${type}`)
    const at = reserve(kind.bytes)
    if (type.startsWith('float') ? Number.isFinite(Number(value)) : isWhole(value)) {
      kind.write(view, at, value)
      const found = kind.read(view, at)
      // A float32 is the nearest one; whole numbers beyond a type would come back as others.
      if (type.startsWith('float') ? Number.isFinite(found) : BigInt(found) === BigInt(value)) return
    }
    throw new RangeError(`expected a number of type ${type}, found ${value}`)
  }
  return {
    get length() {
      return length
    },
    number,
    text(text) {
      if (!text.isWellFormed())
        throw new RangeError(
          `expected a text of Unicode, found half of a surrogate pair in ${shownName(text)}`,
        )
      const bytes = utf8.encode(text)
      number('uint64', bytes.length)
      const at = reserve(bytes.length)
      held.set(bytes, at)
    },
    align: (multiple) => void reserve(Math.ceil(length / multiple) * multiple - length),
    bytes: () => held.slice(0, length),
  }
}

const isWhole = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isSafeInteger(value)

/** Write a value, the number of its type in front. @throws RangeError if metadata may not have it. */
export function putGgufValue(sink: GgufSink, value: WritableGgufValue): void {
  const type = typeOf(value)
  sink.number('uint32', typeId(type))
  if (type !== 'array') {
    putOne(sink, value)
    return
  }
  const list = value as GgufNumbers | readonly string[] | readonly boolean[]
  const element = elementOf(list)
  sink.number('uint32', typeId(element))
  sink.number('uint64', list.length)
  for (const each of list) putOne(sink, typeof each === 'number' ? numberOf(element, each) : each)
}

const numberOf = (type: string, value: number): GgufNumber => ({ type: type as GgufScalarType, value })

function putOne(sink: GgufSink, value: WritableGgufValue): void {
  if (typeof value === 'string') sink.text(value)
  else if (typeof value === 'boolean') sink.number('uint8', value ? 1 : 0)
  else if ('type' in value) sink.number(value.type, value.value)
}

function typeOf(value: WritableGgufValue): string {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value !== 'object' || value === null)
    throw new RangeError(
      `expected a text, true or false, an array, or a number with its type ({ type: 'uint32', value: 1 }), found ${String(value)}`,
    )
  return 'type' in value ? value.type : 'array'
}

/** The type of an array's elements; of an empty list texts, which is what lists of tokens and merges have. */
function elementOf(list: GgufNumbers | readonly string[] | readonly boolean[]): string {
  if (!Array.isArray(list)) {
    const found = [...numberKinds].find(([, { array }]) => array !== undefined && list instanceof array)
    if (found) return found[0]
    throw new RangeError('expected a typed array of numbers of at most 32 bits or of doubles, found another')
  }
  const first: unknown = list[0] ?? ''
  if (
    (typeof first === 'string' || typeof first === 'boolean') &&
    list.every((each) => typeof each === typeof first)
  )
    return typeof first === 'string' ? 'string' : 'bool'
  throw new RangeError(
    'expected a list of texts or of truths, found other elements; numbers are typed arrays',
  )
}

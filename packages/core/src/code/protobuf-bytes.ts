// Wire format of Protocol Buffers, written field by field: no reflection, so no code made at run time.
// Comes in: field numbers and values. Goes out: bytes; a message is its fields one after the other.
// Source: Protocol Buffers documentation, "Encoding" (varints, packed repeated fields, length-delimited
// records).

const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

const text = new TextEncoder()

/** Put fields one after the other: a message, or part of one. */
export function joined(fields: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, field) => sum + field.length, 0))
  let at = 0
  for (const field of fields) {
    bytes.set(field, at)
    at += field.length
  }
  return bytes
}

/** Write an int32, int64 or bool field. @throws TypeError if the value is not a safe integer. */
export function integer(id: number, value: number): Uint8Array {
  return Uint8Array.from([...key(id, wire.varint), ...varint(value)])
}

/** Write a float field. */
export function float(id: number, value: number): Uint8Array {
  return joined([Uint8Array.from(key(id, wire.fixed32)), floatBytes([value])])
}

/** Write a double field. */
export function double(id: number, value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value, true)
  return joined([Uint8Array.from(key(id, wire.fixed64)), new Uint8Array(view.buffer)])
}

/** Write what stands before the content of a bytes field, for content that is written apart. */
export function opening(id: number, length: number): Uint8Array {
  return Uint8Array.from([...key(id, wire.bytes), ...varint(length)])
}

/** Write a bytes field. */
export function bytes(id: number, content: Uint8Array): Uint8Array {
  return joined([opening(id, content.length), content])
}

/** Write a string field. */
export function string(id: number, value: string): Uint8Array {
  return bytes(id, text.encode(value))
}

/** Write a field that holds a message. */
export function message(id: number, ...fields: readonly Uint8Array[]): Uint8Array {
  return bytes(id, joined(fields))
}

/** Write a repeated int64 field, packed. @throws TypeError if a value is not a safe integer. */
export function integers(id: number, values: readonly number[]): Uint8Array {
  return bytes(id, Uint8Array.from(values.flatMap(varint)))
}

/** Write a repeated float field, packed. */
export function floats(id: number, values: readonly number[]): Uint8Array {
  return bytes(id, floatBytes(values))
}

const key = (id: number, type: number): number[] => varint(id * 8 + type)

/** Seven bits a byte, lowest first; a negative number as its two's complement of 64 bits. */
function varint(value: number): number[] {
  if (!Number.isSafeInteger(value)) throw new TypeError(`expected a safe integer, found ${String(value)}`)
  if (value < 0) return bigVarint(BigInt.asUintN(64, BigInt(value)))
  const found: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) found.push((rest % 128) + 128)
  return [...found, rest]
}

function bigVarint(value: bigint): number[] {
  return value < 128n ? [Number(value)] : [Number(value % 128n) + 128, ...bigVarint(value / 128n)]
}

function floatBytes(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length))
  values.forEach((value, i) => view.setFloat32(4 * i, value, true))
  return new Uint8Array(view.buffer)
}

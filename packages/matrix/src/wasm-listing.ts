// A WebAssembly module as text that a person can compare. Comes in: a module's bytes. Goes out: one statement
// a line, operands folded into expressions. Source: WebAssembly 2.0, binary format; no names but for what
// kernels use, others by number.

/** Names of instructions without a prefix. */
const opcodeNames: Readonly<Record<number, string>> = {
  0x1a: 'drop',
  0x1b: 'select',
  0x28: 'i32.load',
  0x2a: 'f32.load',
  0x2b: 'f64.load',
  0x36: 'i32.store',
  0x38: 'f32.store',
  0x39: 'f64.store',
  0x45: 'i32.eqz',
  0x46: 'i32.eq',
  0x47: 'i32.ne',
  0x48: 'i32.lt_s',
  0x49: 'i32.lt_u',
  0x4b: 'i32.gt_u',
  0x4d: 'i32.le_u',
  0x4f: 'i32.ge_u',
  0x6a: 'i32.add',
  0x6b: 'i32.sub',
  0x6c: 'i32.mul',
  0x6e: 'i32.div_u',
  0x70: 'i32.rem_u',
  0x71: 'i32.and',
  0x72: 'i32.or',
  0x74: 'i32.shl',
  0x76: 'i32.shr_u',
  0xa0: 'f64.add',
  0xb6: 'f32.demote_f64',
  0xb8: 'f64.convert_i32_u',
  0xbb: 'f64.promote_f32',
}

/** Names of vector instructions. */
const vectorNames: Readonly<Record<number, string>> = {
  0x00: 'v128.load',
  0x09: 'v128.load32_splat',
  0x0a: 'v128.load64_splat',
  0x0b: 'v128.store',
  0x11: 'i32x4.splat',
  0x13: 'f32x4.splat',
  0x14: 'f64x2.splat',
  0x1b: 'i32x4.extract_lane',
  0x1f: 'f32x4.extract_lane',
  0x21: 'f64x2.extract_lane',
  0x37: 'i32x4.eq',
  0x39: 'i32x4.lt_s',
  0x3b: 'i32x4.gt_s',
  0x41: 'f32x4.eq',
  0x43: 'f32x4.lt',
  0x44: 'f32x4.gt',
  0x4d: 'v128.not',
  0x4e: 'v128.and',
  0x4f: 'v128.andnot',
  0x50: 'v128.or',
  0x51: 'v128.xor',
  0x52: 'v128.bitselect',
  0x5a: 'v128.store32_lane',
  0x5b: 'v128.store64_lane',
  0x5e: 'f32x4.demote_f64x2_zero',
  0x5f: 'f64x2.promote_low_f32x4',
  0x68: 'f32x4.floor',
  0xab: 'i32x4.shl',
  0xac: 'i32x4.shr_s',
  0xad: 'i32x4.shr_u',
  0xae: 'i32x4.add',
  0xb1: 'i32x4.sub',
  0xb5: 'i32x4.mul',
  0xe0: 'f32x4.abs',
  0xe1: 'f32x4.neg',
  0xe3: 'f32x4.sqrt',
  0xe4: 'f32x4.add',
  0xe5: 'f32x4.sub',
  0xe6: 'f32x4.mul',
  0xe7: 'f32x4.div',
  0xe8: 'f32x4.min',
  0xe9: 'f32x4.max',
  0xea: 'f32x4.pmin',
  0xeb: 'f32x4.pmax',
  0xf0: 'f64x2.add',
  0xf8: 'i32x4.trunc_sat_f32x4_s',
  0xfa: 'f32x4.convert_i32x4_s',
}

/** Instructions of one operand, as ranges of codes; those not in a list have two. */
const unaryOpcodes = ranges('45 50 67-69 79-7b 8b-91 99-9f a7-c4')
const unaryVectorOpcodes = ranges(
  '0f-14 4d 53 5e-63 67-6a 74-75 7a 7c-81 83-84 87-8a 94 a0-a1 a3-a4 a7-aa c0-c1 c3-c4 c7-ca e0-e1 e3 ec-ed ef f8-ff',
)

function ranges(text: string): readonly (readonly [from: number, to: number])[] {
  return text.split(' ').map((range) => {
    const [from, to] = range.split('-').map((code) => Number.parseInt(code, 16))
    return [from!, to ?? from!]
  })
}

const within = (code: number, list: typeof unaryOpcodes): boolean =>
  list.some(([from, to]) => from <= code && code <= to)

const hex = (code: number): string => `0x${code.toString(16).padStart(2, '0')}`

/** Reads a module's numbers in order. */
class Reader {
  at = 0
  private readonly view: DataView

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  byte(): number {
    return this.view.getUint8(this.at++)
  }

  /** LEB128. */
  number(signed = false): number {
    let [value, shift, byte] = [0, 0, 0x80]
    while (byte & 0x80) {
      byte = this.byte()
      value |= (byte & 0x7f) << shift
      shift += 7
    }
    if (signed) return shift < 32 && byte & 0x40 ? value | (-1 << shift) : value
    return value >>> 0
  }

  text(): string {
    const length = this.number()
    return new TextDecoder().decode(this.bytes.subarray(this.at, (this.at += length)))
  }

  f64(): number {
    return this.view.getFloat64((this.at += 8) - 8, true)
  }

  f32(): number {
    return this.view.getFloat32((this.at += 4) - 4, true)
  }

  i32(): number {
    return this.view.getInt32((this.at += 4) - 4, true)
  }
}

const typeNames: Readonly<Record<number, string>> = { 0x7f: 'i32', 0x7d: 'f32', 0x7c: 'f64', 0x7b: 'v128' }

/**
 * List a module: its memory, then each exported function; locals by number, without their types.
 * @throws at a section or instruction that no kernel has.
 */
export function listWasm(bytes: Uint8Array): string {
  const reader = new Reader(bytes)
  reader.at = 8
  const params: number[][] = []
  let memory = ''
  const names: string[] = []
  const lines: string[] = []
  while (reader.at < bytes.length) {
    const id = reader.byte()
    const end = reader.number() + reader.at
    if (id === 1) times(reader, () => params.push(signature(reader)))
    else if (id === 2) times(reader, () => (memory = imported(reader)))
    else if (id === 7)
      times(reader, () => {
        names.push(reader.text())
        reader.byte()
        reader.number()
      })
    else if (id === 10) {
      lines.push(memory)
      let index = 0
      times(reader, () => lines.push(...functionLines(reader, names[index]!, params[index++]!)))
    } else if (id !== 3) throw new RangeError(`section: expected 1, 2, 3, 7 or 10, found ${id}`)
    reader.at = end
  }
  return lines.join('\n')
}

function times(reader: Reader, each: () => void): void {
  for (let left = reader.number(); left > 0; left--) each()
}

function signature(reader: Reader): number[] {
  reader.byte()
  const types: number[] = []
  times(reader, () => types.push(reader.byte()))
  times(reader, () => reader.byte())
  return types
}

function imported(reader: Reader): string {
  const name = `${reader.text()}.${reader.text()}`
  reader.byte()
  const flags = reader.byte()
  return `${flags & 2 ? 'shared ' : ''}memory ${name}, ${reader.number()} to ${flags & 1 ? reader.number() : '∞'} pages`
}

function functionLines(reader: Reader, name: string, params: readonly number[]): string[] {
  const end = reader.number() + reader.at
  const lines = [`${name}(${params.map((type, i) => `v${i}: ${typeNames[type] ?? hex(type)}`).join(', ')})`]
  times(reader, () => {
    reader.number()
    reader.byte()
  })
  const stack: string[] = []
  let depth = 1
  const say = (text: string): unknown => lines.push(`${'  '.repeat(depth)}${text}`)
  const take = (count: number): string => stack.splice(stack.length - count, count).join(', ')
  const call = (operation: string, count: number): unknown => stack.push(`${operation}(${take(count)})`)
  while (reader.at < end - 1) {
    const code = reader.byte()
    if (code === 0xfd) vector(reader, stack, say, take)
    else if (code === 0x03 || code === 0x02 || code === 0x04) {
      reader.byte()
      say(code === 0x04 ? `if ${take(1)}` : code === 0x03 ? 'loop' : 'block')
      depth++
    } else if (code === 0x05 || code === 0x0b) {
      depth--
      say(code === 0x05 ? 'else' : 'end')
      if (code === 0x05) depth++
    } else if (code === 0x0c) say(`branch ${reader.number()}`)
    else if (code === 0x0d) say(`branch ${reader.number()} if ${take(1)}`)
    else if (code === 0x1a) say(`drop ${take(1)}`)
    else if (code === 0x1b) call('select', 3)
    else if (code === 0x20) stack.push(`v${reader.number()}`)
    else if (code === 0x21 || code === 0x22) {
      const target = `v${reader.number()}`
      say(`${target} = ${take(1)}`)
      if (code === 0x22) stack.push(target)
    } else if (code === 0x41) stack.push(String(reader.number(true)))
    else if (code === 0x44) stack.push(`f64 ${reader.f64()}`)
    else if (code === 0x43) stack.push(`f32 ${reader.f32()}`)
    else if (code >= 0x28 && code <= 0x3e) {
      reader.number()
      const operation = `${opcodeNames[code] ?? hex(code)} +${reader.number()}`
      if (code >= 0x36) say(`${operation} (${take(2)})`)
      else call(operation, 1)
    } else if (code >= 0x45 && code <= 0xc4)
      call(opcodeNames[code] ?? hex(code), within(code, unaryOpcodes) ? 1 : 2)
    else throw new RangeError(`instruction: no form for ${hex(code)} in ${name}; add it to wasm-listing.ts`)
  }
  if (stack.length > 0) throw new RangeError(`${name}: ${stack.length} values are left: ${stack.join(', ')}`)
  reader.at = end
  return lines
}

/** One vector instruction. */
function vector(
  reader: Reader,
  stack: string[],
  say: (text: string) => unknown,
  take: (count: number) => string,
): void {
  const code = reader.number()
  const name = vectorNames[code] ?? `vector ${hex(code)}`
  if (code <= 0x0b || (code >= 0x54 && code <= 0x5d)) {
    reader.number()
    const operation = `${name} +${reader.number()}`
    const lane = code >= 0x54 && code <= 0x5b ? ` lane ${reader.byte()}` : ''
    if (code === 0x0b || (code >= 0x58 && code <= 0x5b)) say(`${operation}${lane} (${take(2)})`)
    else stack.push(`${operation}${lane} (${take(lane === '' ? 1 : 2)})`)
  } else if (code === 0x0c) stack.push(constant(reader))
  else if (code === 0x0d) {
    const lanes = Array.from({ length: 16 }, () => reader.byte())
    stack.push(
      `lanes ${lanes
        .filter((_, i) => i % 4 === 0)
        .map((lane) => lane / 4)
        .join(' ')} (${take(2)})`,
    )
  } else if (code >= 0x15 && code <= 0x22) {
    const lane = reader.byte()
    stack.push(`${name} ${lane} (${take(/extract/.test(name) ? 1 : 2)})`)
  } else stack.push(`${name}(${take(code === 0x52 ? 3 : within(code, unaryVectorOpcodes) ? 1 : 2)})`)
}

/** Four equal floats if they look like floats, else four words. */
function constant(reader: Reader): string {
  const start = reader.at
  const words = Array.from({ length: 4 }, () => reader.i32())
  const end = reader.at
  reader.at = start
  const value = reader.f32()
  reader.at = end
  const plain = words.every((word) => word === words[0])
  const size = Math.abs(value)
  if (plain && (words[0] === 0 || (size > 1e-20 && size < 1e20))) return `f32x4 ${value}`
  return `i32x4 ${(plain ? words.slice(0, 1) : words).map((word) => hex(word >>> 0)).join(' ')}`
}

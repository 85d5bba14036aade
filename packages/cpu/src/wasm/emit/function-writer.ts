// Writes the body of one WebAssembly function: instructions as bytes, locals by number.
// Comes in: calls in execution order. Goes out: the function's code. Source: WebAssembly 2.0, binary format.

/** Value types of WebAssembly. */
export const valueType = Object.freeze({ i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b })

/** One-byte instructions that this package writes. */
export const op = Object.freeze({
  select: 0x1b,
  i32Load: 0x28,
  f32Load: 0x2a,
  f32Store: 0x38,
  f64Store: 0x39,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32LtU: 0x49,
  i32GtS: 0x4a,
  i32GtU: 0x4b,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32DivU: 0x6e,
  i32RemU: 0x70,
  i32And: 0x71,
  i32Shl: 0x74,
  i32ShrU: 0x76,
  f32Add: 0x92,
  f64Add: 0xa0,
  f32DemoteF64: 0xb6,
  f64ConvertI32U: 0xb8,
})

/** Vector instructions that this package writes; all follow the prefix 0xfd. */
export const simd = Object.freeze({
  load: 0x00,
  load32Splat: 0x09,
  store: 0x0b,
  constant: 0x0c,
  shuffle: 0x0d,
  i32x4Splat: 0x11,
  f32x4Splat: 0x13,
  i32x4ExtractLane: 0x1b,
  f64x2ExtractLane: 0x21,
  i32x4LtS: 0x39,
  f32x4Eq: 0x41,
  f32x4Ne: 0x42,
  f32x4Lt: 0x43,
  not: 0x4d,
  and: 0x4e,
  andNot: 0x4f,
  or: 0x50,
  xor: 0x51,
  bitselect: 0x52,
  store32Lane: 0x5a,
  store64Lane: 0x5b,
  f32x4DemoteF64x2Zero: 0x5e,
  f64x2PromoteLowF32x4: 0x5f,
  f32x4Floor: 0x68,
  i32x4Shl: 0xab,
  i32x4ShrU: 0xad,
  i32x4Add: 0xae,
  i32x4Sub: 0xb1,
  f32x4Sqrt: 0xe3,
  f32x4Add: 0xe4,
  f32x4Sub: 0xe5,
  f32x4Mul: 0xe6,
  f32x4Div: 0xe7,
  f32x4PMin: 0xea,
  f32x4PMax: 0xeb,
  f64x2Add: 0xf0,
  f32x4ConvertI32x4S: 0xfa,
})

/** Write an unsigned LEB128 number. */
export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value >>> 0
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return [...bytes, rest]
}

/** Write a signed LEB128 number. */
export function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value | 0
  while (rest > 63 || rest < -64) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>= 7
  }
  return [...bytes, rest & 0x7f]
}

/** So many locals. */
export type Locals<N extends number, L extends readonly number[] = readonly []> = L['length'] extends N
  ? L
  : Locals<N, readonly [...L, number]>

/** Collects one function's instructions. Every method returns the writer. */
export class FunctionWriter {
  private readonly bytes: number[] = []
  private readonly types: number[] = []

  /** `params` are the locals 0 … n − 1. */
  constructor(readonly params: readonly number[]) {}

  /** Reserve a local. */
  local(type: number): number {
    return this.params.length + this.types.push(type) - 1
  }

  /** Reserve several locals. */
  locals<const N extends number>(type: number, count: N): Locals<N> {
    const locals: number[] = Array.from({ length: count }, () => this.local(type))
    return locals as Locals<N>
  }

  op(...codes: readonly number[]): this {
    this.bytes.push(...codes)
    return this
  }

  simd(code: number, ...immediates: readonly number[]): this {
    return this.op(0xfd, ...unsigned(code), ...immediates)
  }

  get(...locals: readonly number[]): this {
    for (const local of locals) this.op(0x20, ...unsigned(local))
    return this
  }

  set(local: number): this {
    return this.op(0x21, ...unsigned(local))
  }

  tee(local: number): this {
    return this.op(0x22, ...unsigned(local))
  }

  i32(value: number): this {
    return this.op(0x41, ...signed(value))
  }

  f64(value: number): this {
    return this.op(0x44, ...new Uint8Array(Float64Array.of(value).buffer))
  }

  /** A vector of four times the same f32 number. */
  splat(value: number): this {
    const lane = [...new Uint8Array(Float32Array.of(value).buffer)]
    return this.simd(simd.constant, ...lane, ...lane, ...lane, ...lane)
  }

  /** A vector of four 32-bit integers. */
  words(...values: readonly number[]): this {
    return this.simd(simd.constant, ...new Uint8Array(Int32Array.from(values).buffer))
  }

  /** Choose four of the eight 32-bit lanes of two vectors. */
  lanes(...chosen: readonly number[]): this {
    return this.simd(simd.shuffle, ...chosen.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)))
  }

  /** A one-byte load or store; the address is on the stack. */
  memory(code: number, offset = 0): this {
    return this.op(code, 0, ...unsigned(offset))
  }

  /** A vector load or store; the address is on the stack, nothing is assumed about its alignment. */
  vectorMemory(code: number, offset = 0, ...lane: readonly number[]): this {
    return this.simd(code, 0, ...unsigned(offset), ...lane)
  }

  /** Run `body` while the number that `condition` pushes after it is not 0, at least once. */
  repeat(body: () => void, condition: () => void): this {
    this.op(0x03, 0x40)
    body()
    condition()
    return this.op(0x0d, 0, 0x0b)
  }

  /**
   * Run `body` while `local` is less than `limit` (unsigned), adding `step` after each run; not at all if it
   * is not.
   */
  upTo(local: number, limit: number, step: number, body: () => void): this {
    const less = (): void => void this.get(local, limit).op(op.i32LtU)
    less()
    return this.when(() =>
      this.repeat(() => {
        body()
        this.get(local).i32(step).op(op.i32Add).set(local)
      }, less),
    )
  }

  /** Call a function of the same module by its number; its arguments are on the stack. */
  call(index: number): this {
    return this.op(0x10, ...unsigned(index))
  }

  /** Fill bytes with zeros; address and count are two locals. */
  zero(address: number, bytes: number): this {
    return this.get(address).i32(0).get(bytes).op(0xfc, 0x0b, 0x00)
  }

  /** Run `body` if the number on the stack is not 0, `otherwise` if it is. */
  when(body: () => void, otherwise?: () => void): this {
    this.op(0x04, 0x40)
    body()
    if (otherwise) {
      this.op(0x05)
      otherwise()
    }
    return this.op(0x0b)
  }

  /** The function's code: locals, instructions, end. */
  code(): number[] {
    // Runs of locals of one type are declared together.
    const runs: [count: number, type: number][] = []
    for (const type of this.types) {
      const last = runs.at(-1)
      if (last?.[1] === type) last[0]++
      else runs.push([1, type])
    }
    const declared = runs.flatMap(([count, type]) => [...unsigned(count), type])
    return [...unsigned(runs.length), ...declared, ...this.bytes, 0x0b]
  }
}

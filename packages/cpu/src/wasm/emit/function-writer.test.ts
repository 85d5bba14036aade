import { describe, expect, it } from 'vitest'
import { FunctionWriter, op, simd, signed, valueType, unsigned } from './function-writer.js'
import { moduleBytes } from './module-bytes.js'
import { webAssembly } from '../web-assembly.js'

describe('LEB128', () => {
  // Examples of the format's definition, Wikipedia's and the edges of each length.
  it('writes known numbers', () => {
    expect([0, 127, 128, 624485, 2 ** 32 - 1].map(unsigned)).toEqual([
      [0],
      [0x7f],
      [0x80, 1],
      [0xe5, 0x8e, 0x26],
      [0xff, 0xff, 0xff, 0xff, 0x0f],
    ])
    expect([0, 63, 64, -1, -64, -65, -123456, -(2 ** 31)].map(signed)).toEqual([
      [0],
      [0x3f],
      [0xc0, 0],
      [0x7f],
      [0x40],
      [0xbf, 0x7f],
      [0xc0, 0xbb, 0x78],
      [0x80, 0x80, 0x80, 0x80, 0x78],
    ])
  })
})

describe('moduleBytes', () => {
  const run = (shared: boolean, code: FunctionWriter): Float32Array => {
    const bytes = moduleBytes({ run: code }, shared)
    expect(webAssembly!.validate(bytes)).toBe(true)
    const memory = new webAssembly!.Memory({ initial: 1, maximum: 1, shared })
    new webAssembly!.Instance(new webAssembly!.Module(bytes), { env: { memory } }).exports['run']!(16)
    return new Float32Array(memory.buffer, 16, 8)
  }

  it.each([false, true])('makes functions over a memory that is shared: %s', (shared) => {
    const code = new FunctionWriter([valueType.i32])
    const [n, vector] = [code.local(valueType.i32), code.local(valueType.v128)]
    code.splat(0.5).set(vector).i32(5).set(n)
    // ½ doubled five times, then lanes 3 and 0 of [16 …] and [1, 2, 3, 4] as words.
    code.repeat(
      () => code.get(vector, vector).simd(simd.f32x4Add).set(vector),
      () => code.get(n).i32(1).op(op.i32Sub).tee(n),
    )
    code.get(0, vector).vectorMemory(simd.store)
    code.i32(0).when(() => code.get(0).splat(9).vectorMemory(simd.store))
    const small = [1, 2, 3, 4].map((x) => new Int32Array(Float32Array.of(x).buffer)[0]!)
    code
      .get(0, vector)
      .words(...small)
      .lanes(0, 4, 7, 1)
      .vectorMemory(simd.store, 16)
    expect([...run(shared, code)]).toEqual([16, 16, 16, 16, 16, 1, 4, 16])
  })
})

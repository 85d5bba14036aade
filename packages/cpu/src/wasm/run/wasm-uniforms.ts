// Keyed uniforms as integer SIMD: four counters at a time. Comes in: a key and a length. Goes out: an array,
// equal to `uniforms` of @lotion/core. Source: Salmon et al. 2011, Threefry-2x32 with 20 rounds;
// packages/core/src/numbers/threefry.ts.

import type { RandomKey } from '@lotion/core'
import { keyWords, THREEFRY_PARITY, threefryRotations } from '@lotion/core/internal'
import { FunctionWriter, op, simd, valueType } from '../emit/function-writer.js'
import { instanceOf } from './kernel-cache.js'
import type { JobBatch } from '../threads/job-batch.js'
import type { LaneMemory } from '../threads/lane-memory.js'
import { moduleBytes } from '../emit/module-bytes.js'

/** Words of the record: the address that element 0 would have, two key words, the step. */
const uniformWord = Object.freeze({ out: 0, key0: 1, key1: 2, step: 3, words: 4 })

/** Uniforms of a unit: four counters of two words. */
const UNIT = 8

/** Uniforms made at a time, then copied out. */
const WINDOW = 2 ** 18

/** Make the generator over a memory. @throws if the memory is full. */
export function wasmUniforms(
  memory: LaneMemory,
  batch: JobBatch,
): (key: RandomKey, length: number, first: number) => Float32Array {
  let made: ReturnType<typeof open> | undefined
  const open = () => {
    const bytes = moduleBytes({ run: threefryKernel() }, memory.shared)
    const { run } = instanceOf(memory, bytes)
    const address = memory.reserve(4 * WINDOW)
    if (!run || address === undefined)
      throw new RangeError(`uniforms: expected ${4 * WINDOW} free bytes in the memory, found fewer`)
    return { run, bytes, address }
  }
  return (key, length, start) => {
    const [key0, key1] = keyWords(key)
    const step = key.step ?? 0
    if (!Number.isInteger(step) || step < 0 || step >= 2 ** 32) {
      throw new RangeError(`step: expected a whole number from 0 to 2^32 − 1, found ${step}`)
    }
    made ??= open()
    const out = new Float32Array(length)
    for (let from = 0; from < length; from += WINDOW) {
      const count = Math.min(WINDOW, length - from)
      const { record } = batch.room(uniformWord.words, 0)
      const { i32, f32 } = memory.views()
      i32.set([made.address - 4 * (start + from), key0, key1, step], record / 4)
      const first = (start + from) / UNIT
      batch.add(made, record, [first, first + Math.ceil(count / UNIT)], UNIT)
      batch.flush()
      out.set(f32.subarray(made.address / 4, made.address / 4 + count), from)
    }
    return out
  }
}

/** Write the function (record, first, end, scratch) over the groups of eight elements first … end − 1. */
function threefryKernel(): FunctionWriter {
  const code = new FunctionWriter([valueType.i32, valueType.i32, valueType.i32, valueType.i32])
  const [record, unit, end] = [0, 1, 2]
  const vector = (): number => code.local(valueType.v128)
  const [x, y, counter, step] = [vector(), vector(), vector(), vector()]
  const keys = [vector(), vector(), vector()]
  const out = code.local(valueType.i32)
  const splat = (word: number, local: number): void => {
    code
      .get(record)
      .vectorMemory(simd.load32Splat, 4 * word)
      .set(local)
  }
  splat(uniformWord.key0, keys[0]!)
  splat(uniformWord.key1, keys[1]!)
  splat(uniformWord.step, step)
  code
    .words(THREEFRY_PARITY, THREEFRY_PARITY, THREEFRY_PARITY, THREEFRY_PARITY)
    .get(keys[0]!)
    .simd(simd.xor)
    .get(keys[1]!)
    .simd(simd.xor)
    .set(keys[2]!)
  code
    .get(record)
    .memory(op.i32Load, 4 * uniformWord.out)
    .get(unit)
    .i32(5)
    .op(op.i32Shl, op.i32Add)
    .set(out)
  code.get(unit).i32(2).op(op.i32Shl).simd(simd.i32x4Splat).words(0, 1, 2, 3).simd(simd.i32x4Add).set(counter)
  code.repeat(
    () => {
      code.get(counter, keys[0]!).simd(simd.i32x4Add).set(x)
      code.get(step, keys[1]!).simd(simd.i32x4Add).set(y)
      for (let group = 0; group < 5; group++) {
        for (let round = 0; round < 4; round++) {
          const turn = threefryRotations[((group & 1) << 2) | round]!
          code.get(x, y).simd(simd.i32x4Add).set(x)
          code
            .get(y)
            .i32(turn)
            .simd(simd.i32x4Shl)
            .get(y)
            .i32(32 - turn)
            .simd(simd.i32x4ShrU)
          code.simd(simd.or).get(x).simd(simd.xor).set(y)
        }
        code
          .get(x, keys[(group + 1) % 3]!)
          .simd(simd.i32x4Add)
          .set(x)
        const n = group + 1
        code
          .get(y, keys[(group + 2) % 3]!)
          .simd(simd.i32x4Add)
          .words(n, n, n, n)
          .simd(simd.i32x4Add)
          .set(y)
      }
      // Words of a counter are neighbours. 24 bits are exact in f32, and below 2^31: the signed conversion is
      // the fast one.
      for (const [half, lanes] of [
        [0, [0, 4, 1, 5]],
        [16, [2, 6, 3, 7]],
      ] as const) {
        code
          .get(out, x, y)
          .lanes(...lanes)
          .i32(8)
          .simd(simd.i32x4ShrU)
        code
          .simd(simd.f32x4ConvertI32x4S)
          .splat(2 ** -24)
          .simd(simd.f32x4Mul)
        code.vectorMemory(simd.store, half)
      }
      code.get(out).i32(32).op(op.i32Add).set(out)
      code.get(counter).words(4, 4, 4, 4).simd(simd.i32x4Add).set(counter)
    },
    () => code.get(unit).i32(1).op(op.i32Add).tee(unit).get(end).op(op.i32LtU),
  )
  return code
}

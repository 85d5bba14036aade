// Packing: lines of a matrix, side by side in panels, in the order in which the inner loop reads them.
// Absorbs transposition. Comes in: a width. Goes out: functions' code. Source: docs/design/07-cpu.md, "Matrix
// products".

import { FunctionWriter, op, simd, valueType } from '../wasm/emit/function-writer.js'

/** Numbers of the functions that packing calls. */
export interface PackCalls {
  /** (from, step, to, toStep, count): see `packLine`. */
  readonly line: number
}

/** Write (from, step, to, toStep, count): copy numbers `step` bytes apart to places `toStep` bytes apart. */
export function packLine(): FunctionWriter {
  const code = new FunctionWriter([valueType.i32, valueType.i32, valueType.i32, valueType.i32, valueType.i32])
  const [from, step, to, toStep, count] = [0, 1, 2, 3, 4]
  const done = code.local(valueType.i32)
  return code.upTo(done, count, 1, () => {
    code.get(to, from).memory(op.f32Load).memory(op.f32Store)
    code.get(from, step).op(op.i32Add).set(from)
    code.get(to, toStep).op(op.i32Add).set(to)
  })
}

/**
 * Write (from, line, step, lines, depth, to): pack `lines` lines, `line` bytes apart, of `depth` numbers
 * each, `step` bytes apart. Panels of `width` lines follow each other; a panel holds number 0 of its lines,
 * then number 1, …; lines that are missing in the last one are 0. Neighbouring lines are copied as vectors,
 * neighbouring steps transposed 4 × 4, others taken one by one.
 */
export function packPanels(width: number, calls: PackCalls): FunctionWriter {
  const code = new FunctionWriter(Array<number>(6).fill(valueType.i32))
  const [from, line, step, lines, depth, to] = [0, 1, 2, 3, 4, 5]
  const locals = (): number => code.local(valueType.i32)
  const [k, at, target, whole, bytes, panel] = [locals(), locals(), locals(), locals(), locals(), locals()]
  const rowBytes = 4 * width
  const quads = Array.from({ length: width / 4 }, (_, i) => i)
  const sources = quads.map(() => Array.from({ length: 4 }, locals))
  const vectors = Array.from({ length: 4 }, () => code.local(valueType.v128))
  const halves = Array.from({ length: 4 }, () => code.local(valueType.v128))
  const advance = (local: number, by: number): void => void code.get(local).i32(by).op(op.i32Add).set(local)

  /** Lines beside each other: number k of all of them is one run. */
  const copied = (): void => {
    code.get(from).set(at).get(to).set(target).i32(0).set(k)
    code.upTo(k, depth, 1, () => {
      for (const q of quads)
        code
          .get(target, at)
          .vectorMemory(simd.load, 16 * q)
          .vectorMemory(simd.store, 16 * q)
      code.get(at, step).op(op.i32Add).set(at)
      advance(target, rowBytes)
    })
  }

  /** Lines of neighbouring numbers: four by four, the rest one by one. */
  const transposed = (): void => {
    code.get(from).set(at)
    for (const starts of sources)
      for (const start of starts) code.get(at).set(start).get(at, line).op(op.i32Add).set(at)
    code.get(to).set(target).i32(0).set(k)
    code.get(depth).i32(-4).op(op.i32And).set(whole)
    code.upTo(k, whole, 4, () => {
      sources.forEach((starts, q) => {
        starts.forEach((start, i) => {
          code.get(start).vectorMemory(simd.load).set(vectors[i]!)
          advance(start, 16)
        })
        const [v0, v1, v2, v3] = vectors as [number, number, number, number]
        const [h0, h1, h2, h3] = halves as [number, number, number, number]
        code.get(v0, v1).lanes(0, 4, 1, 5).set(h0).get(v0, v1).lanes(2, 6, 3, 7).set(h1)
        code.get(v2, v3).lanes(0, 4, 1, 5).set(h2).get(v2, v3).lanes(2, 6, 3, 7).set(h3)
        const store = (row: number, low: number, high: number, ...chosen: number[]): void =>
          void code
            .get(target, low, high)
            .lanes(...chosen)
            .vectorMemory(simd.store, row * rowBytes + 16 * q)
        store(0, h0, h2, 0, 1, 4, 5)
        store(1, h0, h2, 2, 3, 6, 7)
        store(2, h1, h3, 0, 1, 4, 5)
        store(3, h1, h3, 2, 3, 6, 7)
      })
      advance(target, 4 * rowBytes)
    })
    code.upTo(k, depth, 1, () => {
      sources.forEach((starts, q) =>
        starts.forEach((start, i) => {
          code
            .get(target, start)
            .memory(op.f32Load)
            .memory(op.f32Store, 16 * q + 4 * i)
          advance(start, 4)
        }),
      )
      advance(target, rowBytes)
    })
  }

  /** Whatever lies elsewhere, and the last lines. */
  const gathered = (): void => {
    code.zero(to, panel)
    code.get(lines).i32(width).get(lines).i32(width).op(op.i32LtU, op.select).set(whole)
    code.get(from).set(at).get(to).set(target).i32(0).set(k)
    code.upTo(k, whole, 1, () => {
      code.get(at, step, target).i32(rowBytes).get(depth).call(calls.line)
      code.get(at, line).op(op.i32Add).set(at)
      advance(target, 4)
    })
  }

  code.get(depth).i32(rowBytes).op(op.i32Mul).set(panel)
  code.get(line).i32(width).op(op.i32Mul).set(bytes)
  code.get(lines).when(() =>
    code.repeat(
      () => {
        code.get(lines).i32(width).op(op.i32LtU)
        code.when(gathered, () => {
          code.get(line).i32(4).op(op.i32Eq)
          code.when(copied, () => code.get(step).i32(4).op(op.i32Eq).when(transposed, gathered))
        })
        code.get(from, bytes).op(op.i32Add).set(from)
        code.get(to, panel).op(op.i32Add).set(to)
        advance(lines, -width)
      },
      () => code.get(lines).i32(0).op(op.i32GtS),
    ),
  )
  return code
}

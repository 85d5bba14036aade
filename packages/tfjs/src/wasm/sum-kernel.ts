// Sums over leading axes, such as those of a gain's or bias's gradient. Comes in: x [r, …, c, …]. Goes out: Σ
// over the rows.
// Source: tfjs-backend-wasm 4.22 transposes all of x first. A row of ones times x is the same sum, in the
// order of a matrix product.

import { productPlan } from '@lotion/cpu/internal'
import { sizeOf } from '@lotion/core'
import { addressOf, floatsOf, productsOf } from './wasm-backend.js'
import { inputOf, type WasmKernel } from './wasm-kernel.js'

/** Sums of float32 over the first axes, but not all; other sums are the stock kernel's. */
export const sumRows: WasmKernel = Object.freeze<WasmKernel>({
  name: 'Sum',
  run(call) {
    const { tf, attrs, backend, stock } = call
    const x = inputOf(call, 'x')
    const given = attrs['axis'] as number | number[] | null | undefined
    const axes = tf.util
      .parseAxisParam(given ?? x.shape.map((_, axis) => axis), x.shape)
      .toSorted((a, b) => a - b)
    const leading = axes.length > 0 && axes.length < x.shape.length && axes.every((axis, i) => axis === i)
    if (x.dtype !== 'float32' || !leading) return stock()
    const kept = x.shape.slice(axes.length)
    const [rows, columns] = [sizeOf(x.shape.slice(0, axes.length)), sizeOf(kept)]
    const gemm = productsOf(backend)
    const ones = backend.makeOutput([rows], 'float32')
    const out = backend.makeOutput(
      attrs['keepDims'] === true ? [...axes.map(() => 1), ...kept] : kept,
      'float32',
    )
    const at = { a: addressOf(backend, ones), b: addressOf(backend, x), c: addressOf(backend, out) }
    floatsOf(backend).fill(1, at.a / 4, at.a / 4 + rows)
    gemm.run(productPlan([1, rows], [rows, columns]), at)
    backend.disposeData(ones.dataId)
    return out
  },
})

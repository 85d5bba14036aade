// Looking up rows, its gradient, and one-hot rows. Comes in: rows and indices in tfjs's memory. Goes out:
// rows.
// Source: tfjs-backend-wasm 4.22: no UnsortedSegmentSum; a float32 OneHot holds the bits of integers;
// GatherV2 copies number by number.

import { sizeOf } from '@lotion/core'
import { addressOf, floatsOf, wordsOf } from './wasm-backend.js'
import { inputOf, type WasmKernel } from './wasm-kernel.js'

/** Rows of x [n, …] by indices along its first axis; other lookups are the stock kernel's. */
export const gatherRows: WasmKernel = Object.freeze<WasmKernel>({
  name: 'GatherV2',
  run(call) {
    const { attrs, backend, stock, tf } = call
    const [x, indices] = [inputOf(call, 'x'), inputOf(call, 'indices')]
    const axis = tf.util.parseAxisParam(Number(attrs['axis'] ?? 0), x.shape)[0]
    const fourBytes = x.dtype === 'float32' || x.dtype === 'int32'
    if (axis !== 0 || Number(attrs['batchDims'] ?? 0) !== 0 || !fourBytes || indices.dtype !== 'int32')
      return stock()
    const [rows = 0, ...rest] = x.shape
    const width = sizeOf(rest)
    const out = backend.makeOutput([...indices.shape, ...rest], x.dtype)
    const words = wordsOf(backend)
    const [from, to, at] = [x, out, indices].map((info) => addressOf(backend, info) / 4) as [
      number,
      number,
      number,
    ]
    for (let i = 0; i < sizeOf(indices.shape); i++) {
      const index = words[at + i]!
      if (index < 0 || index >= rows) {
        backend.disposeData(out.dataId)
        throw new RangeError(`gather: expected indices from 0 to ${rows - 1}, found ${index} at ${i}`)
      }
      words.copyWithin(to + i * width, from + index * width, from + (index + 1) * width)
    }
    return out
  },
})

/**
 * The gradient of a lookup: out[s] = Σ x[i] over i with segmentIds[i] = s, in order, in f32; ids out of range
 * are left out.
 */
export const unsortedSegmentSum: WasmKernel = Object.freeze<WasmKernel>({
  name: 'UnsortedSegmentSum',
  run(call) {
    const { attrs, backend } = call
    const [x, ids] = [inputOf(call, 'x'), inputOf(call, 'segmentIds')]
    if (x.dtype !== 'float32' || ids.dtype !== 'int32') {
      throw new TypeError(
        `UnsortedSegmentSum: expected float32 values and int32 ids, found ${x.dtype} and ${ids.dtype}; cast them`,
      )
    }
    const segments = Number(attrs['numSegments'])
    const rest = x.shape.slice(ids.shape.length)
    const width = sizeOf(rest)
    const out = backend.makeOutput([segments, ...rest], 'float32')
    const [floats, words] = [floatsOf(backend), wordsOf(backend)]
    const [from, to, at] = [x, out, ids].map((info) => addressOf(backend, info) / 4) as [
      number,
      number,
      number,
    ]
    floats.fill(0, to, to + segments * width)
    for (let i = 0; i < sizeOf(ids.shape); i++) {
      const segment = words[at + i]!
      if (segment < 0 || segment >= segments) continue
      const [row, sum] = [from + i * width, to + segment * width]
      for (let j = 0; j < width; j++) floats[sum + j]! += floats[row + j]!
    }
    return out
  },
})

/** One-hot rows of the type asked for. */
export const oneHot: WasmKernel = Object.freeze<WasmKernel>({
  name: 'OneHot',
  run(call) {
    const { attrs, backend, stock } = call
    const indices = inputOf(call, 'indices')
    const asked = attrs['dtype'] ?? 'int32'
    if (asked !== 'float32' && asked !== 'int32') return stock()
    const dtype = asked === 'float32' ? 'float32' : 'int32'
    const depth = Number(attrs['depth'])
    const out = backend.makeOutput([...indices.shape, depth], dtype)
    const words = wordsOf(backend)
    const values = dtype === 'float32' ? floatsOf(backend) : words
    const [at, to] = [addressOf(backend, indices) / 4, addressOf(backend, out) / 4]
    const count = sizeOf(indices.shape)
    values.fill(Number(attrs['offValue']), to, to + count * depth)
    for (let i = 0; i < count; i++) {
      const index = words[at + i]!
      if (index >= 0 && index < depth) values[to + i * depth + index] = Number(attrs['onValue'])
    }
    return out
  },
})

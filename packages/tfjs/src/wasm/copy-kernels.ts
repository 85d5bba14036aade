// Kernels that only move numbers. Comes in: tensors in tfjs's memory. Goes out: the same numbers elsewhere,
// or, where nothing has to move, another name of the same tensor. Source: tfjs-backend-wasm 4.22, whose
// Identity copies and whose Slice reads all of its input.

import { sizeOf } from '@lotion/core'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { addressOf, wordsOf, type WasmBackend } from './wasm-backend.js'
import { inputOf, type WasmKernel } from './wasm-kernel.js'

/** The tensor under another name: tensors never change. */
export const identity: WasmKernel = Object.freeze<WasmKernel>({
  name: 'Identity',
  run(call) {
    const x = inputOf(call, 'x')
    if (x.dtype === 'string') return call.stock()
    call.backend.incRef(x.dataId)
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
  },
})

/** Tensors one after the other along an axis. */
export const concat: WasmKernel = Object.freeze<WasmKernel>({
  name: 'Concat',
  run(call) {
    const { tf, attrs, backend } = call
    const tensors = Object.values(call.inputs).filter((tensor) => tensor !== undefined)
    const [first] = tensors
    // Tensors of two types need a conversion.
    if (!first || !inWords(first) || tensors.some(({ dtype }) => dtype !== first.dtype)) return call.stock()
    const axis = tf.util.parseAxisParam(Number(attrs['axis'] ?? 0), first.shape)[0]!
    const shapes = tensors.map(({ shape }) => shape)
    tf.backend_util.assertParamsConsistent(shapes, axis)
    const out = backend.makeOutput(tf.backend_util.computeOutShape(shapes, axis), first.dtype)
    const lines = sizeOf(first.shape.slice(0, axis))
    const width = sizeOf(out.shape.slice(axis))
    let at = addressOf(backend, out) / 4
    for (const tensor of tensors) {
      const part = sizeOf(tensor.shape.slice(axis))
      copyLines(backend, {
        from: addressOf(backend, tensor) / 4,
        fromStep: part,
        to: at,
        toStep: width,
        lines,
        part,
      })
      at += part
    }
    return out
  },
})

/** A tensor in pieces along an axis. */
export const splitV: WasmKernel = Object.freeze<WasmKernel>({
  name: 'SplitV',
  run(call) {
    const { tf, attrs, backend } = call
    const x = inputOf(call, 'x')
    if (!inWords(x)) return call.stock()
    const axis = tf.util.parseAxisParam(Number(attrs['axis'] ?? 0), x.shape)[0]!
    const sizes = tf.backend_util.prepareSplitSize(x, attrs['numOrSizeSplits'] as number | number[], axis)
    const outs = sizes.map((size) =>
      backend.makeOutput([...x.shape.slice(0, axis), size, ...x.shape.slice(axis + 1)], x.dtype),
    )
    const lines = sizeOf(x.shape.slice(0, axis))
    const width = sizeOf(x.shape.slice(axis))
    let at = addressOf(backend, x) / 4
    for (const out of outs) {
      const part = sizeOf(out.shape.slice(axis))
      copyLines(backend, {
        from: at,
        fromStep: width,
        to: addressOf(backend, out) / 4,
        toStep: part,
        lines,
        part,
      })
      at += part
    }
    return outs
  },
})

const inWords = ({ dtype }: TensorInfo): boolean => dtype === 'float32' || dtype === 'int32'

/** Runs of `part` words at equal distances; all in words. */
interface Lines {
  readonly from: number
  readonly fromStep: number
  readonly to: number
  readonly toStep: number
  readonly lines: number
  readonly part: number
}

/** From so many words on, a call of the engine's copy is worth its 50 ns. */
const LONG = 64

function copyLines(backend: WasmBackend, { from, fromStep, to, toStep, lines, part }: Lines): void {
  const words = wordsOf(backend)
  for (let line = 0; line < lines; line++) {
    const [source, target] = [from + line * fromStep, to + line * toStep]
    if (part >= LONG) words.copyWithin(target, source, source + part)
    else for (let i = 0; i < part; i++) words[target + i] = words[source + i]!
  }
}

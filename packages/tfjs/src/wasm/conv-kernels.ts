// The gradient of a convolution by its filter, which the backend lacks. Comes in: images [b, h, w, in],
// slopes [b, h', w', out]. Goes out: [kh, kw, in, out]. Source: tfjs-backend-wasm 4.22 has no
// Conv2DBackpropFilter. A row of the filter meets kw · in neighbours of each place: those as a matrix,
// transposed, times the slopes are that row of the gradient.

import type { backend_util } from '@tensorflow/tfjs-core'
import { addressOf, floatsOf } from './wasm-backend.js'
import { inputOf, runKernel, type WasmKernel } from './wasm-kernel.js'

/** Channels last, as tf.layers has them. */
export const conv2dFilterGradient: WasmKernel = Object.freeze<WasmKernel>({
  name: 'Conv2DBackpropFilter',
  run(call) {
    const { tf, attrs, backend } = call
    const [x, dy] = [inputOf(call, 'x'), inputOf(call, 'dy')]
    const { dataFormat } = attrs as { readonly dataFormat?: string }
    if (dataFormat !== 'NHWC')
      throw new TypeError(
        `Conv2DBackpropFilter: expected the format NHWC, found ${dataFormat}; transpose the images`,
      )
    const filterShape = attrs['filterShape'] as [number, number, number, number]
    const info = tf.backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filterShape,
      attrs['strides'] as number | [number, number],
      1,
      attrs['pad'] as number,
      attrs['dimRoundingMode'] as 'floor' | undefined,
    )
    const { batchSize, outHeight, outWidth, inChannels, outChannels, filterHeight, filterWidth } = info
    const [places, width] = [batchSize * outHeight * outWidth, filterWidth * inChannels]
    const slopes = { ...dy, shape: [places, outChannels] }
    const neighbours = backend.makeOutput([places, width], 'float32')
    const out = backend.makeOutput(filterShape, 'float32')
    for (let row = 0; row < filterHeight; row++) {
      const at = { from: addressOf(backend, x) / 4, to: addressOf(backend, neighbours) / 4 }
      gather(floatsOf(backend), info, row, at)
      const part = runKernel(
        call,
        'BatchMatMul',
        { a: neighbours, b: slopes },
        { transposeA: true, transposeB: false },
      )
      const size = width * outChannels
      const [from, to] = [addressOf(backend, part) / 4, addressOf(backend, out) / 4 + row * size]
      // The product may have let the memory grow: the view is taken anew.
      floatsOf(backend).copyWithin(to, from, from + size)
      backend.disposeData(part.dataId)
    }
    backend.disposeData(neighbours.dataId)
    return out
  },
})

/** What a row of the filter meets at each place; 0 beyond the edges. */
function gather(
  floats: Float32Array,
  info: backend_util.Conv2DInfo,
  row: number,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterWidth } = info
  const { strideHeight, strideWidth, padInfo } = info
  const width = filterWidth * inChannels
  let place = to
  for (let image = 0; image < batchSize; image++)
    for (let y = 0; y < outHeight; y++) {
      const line = y * strideHeight - padInfo.top + row
      const isInside = line >= 0 && line < inHeight
      for (let x = 0; x < outWidth; x++, place += width) {
        const left = x * strideWidth - padInfo.left
        const [first, end] = [Math.max(0, left), Math.min(inWidth, left + filterWidth)]
        if (!isInside || end - first < filterWidth) floats.fill(0, place, place + width)
        if (!isInside || end <= first) continue
        const start = from + ((image * inHeight + line) * inWidth + first) * inChannels
        floats.copyWithin(place + (first - left) * inChannels, start, start + (end - first) * inChannels)
      }
    }
}

import { blockOf, evaluate, layoutOf, normals, perRow, perTensor } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { builtInFormats } from './by-name.js'
import { fp4 } from './fp4.js'
import { withBlock } from './format.js'
import { int4 } from './int4.js'
import { integerPoints, integerWeights } from './integer-weights.js'
import { dequantizeIntegers, dequantizeParts, packIntegers, unpackIntegers } from './onnx-weights.js'
import { dequantize, quantize } from './quantize.js'

it('points of formats as integers of one unit', () => {
  const found = builtInFormats.map((format) => {
    const points = integerPoints(format)
    return `${format.name}: ${points ? `${points.bits} bits, ${points.unit}` : 'none'}`
  })
  expect(found).toMatchInlineSnapshot(`
    [
      "fp4: 8 bits, 0.5",
      "fp6-e2m3: 8 bits, 0.125",
      "fp6-e3m2: none",
      "fp8-e4m3: none",
      "fp8-e5m2: none",
      "gguf-mxfp4: 8 bits, 0.5",
      "int2: 4 bits, 1",
      "int3: 4 bits, 1",
      "int4: 4 bits, 1",
      "int8: 8 bits, 1",
      "mxfp4: 8 bits, 0.5",
      "mxfp6-e2m3: 8 bits, 0.125",
      "mxfp6-e3m2: none",
      "mxfp8-e4m3: none",
      "mxfp8-e5m2: none",
      "mxint8: 8 bits, 0.015625",
      "nf4: none",
      "nvfp4: 8 bits, 0.5",
      "q4_0: 4 bits, 1",
      "q4_0-full: 4 bits, 1",
      "q8_0: 8 bits, 1",
    ]
  `)
})

describe('integers and scales', () => {
  const shape = [6, 70, 5]
  const cases = builtInFormats
    .filter((format) => integerPoints(format) !== undefined)
    .flatMap((format) => [blockOf(32), perRow, perTensor].map((block) => withBlock(format, block)))
    .flatMap((format, nth) =>
      [0, 1, 2, [0, 1] as const]
        // One axis for each, by turns.
        .filter((_, i) => i === nth % 4)
        .map((axis) => [format.name, axis, format] as const),
    )

  it.each(cases)(
    'make the weights of the cast, in the order of the layout: %s, axis %s',
    (_, axis, format) => {
      const points = integerPoints(format)!
      const layout = layoutOf(shape, format.block, axis)
      const w = normals({ seed: 1, stream: 'w' }, 6 * 70 * 5).fill(0, 0, 40)
      const [out] = evaluate([{ fn: quantize(format), inputs: { w }, layout }], 'f32')
      const { value, scale, tensorScale } = out!
      const quantized = { layout, values: value!, scales: scale!, tensorScale: tensorScale![0]! }
      const { integers, scales } = integerWeights('w', quantized, points)
      const bytes = packIntegers(points.bits, integers)
      expect(unpackIntegers(points.bits, bytes, integers.length)).toEqual(integers)
      const parts = dequantizeParts('w', shape, layout, points.bits)
      const { attributes } = parts.nodes[0]!
      const read = (name: string) => {
        const found = attributes[name]
        return found && 'int' in found ? found.int : undefined
      }
      const [at, size] = [read('axis'), read('block_size')]
      const form = {
        shape: parts.integers.shape,
        scales: parts.scales.shape,
        ...(at === undefined ? {} : { axis: at }),
        ...(size === undefined ? {} : { size }),
      }
      const expected = dequantize(quantized)
      const found = dequantizeIntegers(form, integers, scales)
      expect(found.filter((each, i) => each !== expected[i])).toEqual(new Float32Array(0))
    },
  )

  it('are refused where a product would be another number', () => {
    const layout = layoutOf([2], perTensor)
    const smallest = { layout, values: [0.5, 6], scales: [2 ** -149], tensorScale: 1 }
    expect(() => integerWeights('w', smallest, integerPoints(fp4)!)).toThrow(
      /^w: expected weights that are integers of 8 bits times a scale in f32, found \d of 2 that are not/,
    )
    const two = { layout: layoutOf([2], blockOf(1)), values: [1, 2], scales: [1], tensorScale: 1 }
    expect(() => integerWeights('w', two, integerPoints(int4)!)).toThrow(
      /^w: expected 2 scales, one a block, found 1/,
    )
  })
})

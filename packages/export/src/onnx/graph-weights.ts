// The weights of a graph. Comes in: the tensors of a model. Goes out: values of their names, made of
// initializers as they are, or of integers and scales by DequantizeLinear; which were asked for.
// Source: the ONNX specification of DequantizeLinear, opset 21.

import { layoutOf, sizeOf, type Shape } from '@lotion/core'
import {
  dequantizeParts,
  integerBytes,
  integerPoints,
  integerWeights,
  packIntegers,
  type IntegerPoints,
  type IntegerWeights,
} from '@lotion/formats/internal'
import { builtInFormats } from '@lotion/formats'
import type { ExportGrid, ExportTensor } from '../export-model.js'
import type { GraphWriter } from './open-graph.js'

/** Weights by name. */
export interface GraphWeights {
  has(name: string): boolean
  /** The value of a weight. @throws RangeError if there is none of this shape. */
  value(name: string, shape: Shape): string
  /** Names that nobody asked for. */
  unused(): readonly string[]
  /** What each weight is stored as: integers of so many bits, or f32. */
  bits(): readonly (4 | 8 | 32)[]
}

/**
 * Make weights available to a graph; each is added when it is asked for the first time.
 * @param unpacked Whether all are f32 numbers, those of a cast too.
 */
export function graphWeights(
  graph: GraphWriter,
  tensors: readonly ExportTensor[],
  unpacked: boolean,
): GraphWeights {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const added = new Set<string>()
  const bits: (4 | 8 | 32)[] = []
  const add = (tensor: ExportTensor): void => {
    const { name, shape, grid } = tensor
    if (grid && !unpacked) bits.push(addIntegers(graph, tensor, grid))
    else {
      bits.push(32)
      const data = async (): Promise<Uint8Array> => bytesOf(await tensor.read())
      graph.initializer({ name, dtype: 'float32', shape, bytes: 4 * sizeOf(shape), data })
    }
  }
  return {
    has: (name) => byName.has(name),
    value(name, shape) {
      const tensor = byName.get(name)
      if (tensor === undefined)
        throw new RangeError(`onnx: '${name}': expected weights [${shape.join(', ')}], found none`)
      if (tensor.shape.join() !== shape.join())
        throw new RangeError(
          `onnx: '${name}': expected weights [${shape.join(', ')}], found [${tensor.shape.join(', ')}]`,
        )
      if (!added.has(name)) add(tensor)
      added.add(name)
      return name
    },
    unused: () => [...byName.keys()].filter((name) => !added.has(name)),
    bits: () => bits,
  }
}

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

function addIntegers(graph: GraphWriter, tensor: ExportTensor, { format, axis }: ExportGrid): 4 | 8 {
  const { name, shape } = tensor
  const points = integerPoints(format) ?? refuse(name, format.name)
  const { bits } = points
  const layout = layoutOf(shape, format.block, axis)
  const { integers, scales, extents, nodes } = dequantizeParts(name, shape, layout, bits)
  const split = splitOnce(tensor, points)
  graph.initializer({
    ...integers,
    bytes: integerBytes(bits, sizeOf(shape)),
    data: async () => packIntegers(bits, (await split()).integers),
  })
  graph.initializer({
    ...scales,
    bytes: 4 * layout.blocks,
    data: async () => bytesOf((await split()).scales),
  })
  if (extents)
    graph.initializer({ ...extents, bytes: extents.data.byteLength, data: async () => bytesOf(extents.data) })
  for (const node of nodes) graph.node(node)
  return bits
}

/** Integers and scales stand side by side in the file: what the first is made of is kept for the second. */
function splitOnce(tensor: ExportTensor, points: IntegerPoints): () => Promise<IntegerWeights> {
  let kept: IntegerWeights | undefined
  return async () => {
    const known = kept
    kept = undefined
    if (known) return known
    kept = integerWeights(`onnx: '${tensor.name}'`, await tensor.quantized(), points)
    return kept
  }
}

function refuse(name: string, format: string): never {
  const held = builtInFormats.filter((each) => integerPoints(each) !== undefined).map((each) => each.name)
  throw new RangeError(
    `onnx: '${name}': expected a format whose points are integers of at most 8 bits times one unit, ${held.join(', ')}, ` +
      `found ${format}, whose points DequantizeLinear of onnxruntime does not hold: they would have to be rounded to others; ` +
      'train or cast with one of these, or write the same numbers as f32: unpacked',
  )
}

// A traced program with its weights as a file that runs anywhere. Comes in: a traced function; its weights,
// as numbers or as points of a grid and scales. Goes out: the bytes of an ONNX model whose inputs are the
// batch.
// Source: docs/design/19-export.md; the ONNX specification of DequantizeLinear, opset 21.

import { sizeOf, type NumberFormat, type Tree } from '@lotion/core'
import type { OnnxNode, OnnxValue } from '@lotion/core/internal'
import type { Quantized } from '@lotion/formats'
import { dequantizeParts, integerPoints, integerWeights, packIntegers } from '@lotion/formats/internal'
import { encodeGraph, type EncodedConstant } from '../graph/encode-model.js'
import type { Port, TracedFunction } from './trace-program.js'

/** A weight that lies on a grid. @experimental */
export interface GridWeights {
  /** Whose points they are; their products with a scale must be integers of at most 8 bits times a number. */
  readonly format: Pick<NumberFormat, 'name' | 'grid'>
  /** Points and scales whose products are the weights. */
  readonly quantized: Quantized
}

/** Weights by name: numbers, or points of a grid and scales. @experimental */
export type ExportedWeights = Tree<Float32Array | GridWeights>

/** What a weight becomes. */
interface Parts {
  readonly constants: readonly EncodedConstant[]
  readonly nodes: readonly OnnxNode[]
}

/**
 * Write a traced function and its weights as an ONNX model: ModelProto, IR 10, opset 21. Inputs have the
 * names of the batch's arrays, outputs those that the function gave them, weights their own. What lies on a
 * grid is stored as integers of 4 or 8 bits and scales in f32, and multiplied by DequantizeLinear when the
 * model runs: exactly the weights of the cast, in a quarter or an eighth of the bytes.
 * @param traced Of `traceForward`; its batch has the shapes that it was traced with.
 * @param weights All parameters of the function by name.
 * @throws RangeError naming a weight that is missing, unknown, of another size, or of a format whose points
 * are no such integers; or two values of one name.
 * @experimental
 * @example
 * ```ts
 * import { evaluate, layoutOf } from '@lotion/core'
 * import { int4, quantize } from '@lotion/formats'
 * import { exportOnnx, traceForward } from '@lotion/onnx/trace'
 * import * as tf from '@tensorflow/tfjs-core'
 * import '@tensorflow/tfjs-backend-cpu'
 *
 * const layout = layoutOf([32, 2], int4.block, 0)
 * const w = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i))
 * const [cast] = evaluate([{ fn: quantize(int4), inputs: { w }, layout }], 'f32')
 * const { value, scale } = cast!
 * const traced = traceForward(
 *   'product',
 *   ({ w }, { x }) => ({ y: tf.matMul(x!, w!) }),
 *   { w: [32, 2] },
 *   { x: { shape: [1, 32], dtype: 'float32' } },
 * )
 * const quantized = { layout, values: value!, scales: scale!, tensorScale: 1 }
 * console.log(exportOnnx(traced, { w: { format: int4, quantized } }).length, 'bytes of an .onnx file')
 * ```
 */
export function exportOnnx(traced: TracedFunction, weights: ExportedWeights): Uint8Array {
  const { graph, parameters, batch, outputs } = traced
  const unknown = Object.keys(weights).find((key) => !parameters.some((port) => port.key === key))
  if (unknown !== undefined)
    throw new RangeError(
      `exportOnnx: expected weights ${parameters.map(({ key }) => key).join(', ')}, found '${unknown}'`,
    )
  const names = publicNames([...parameters, ...batch, ...outputs])
  const renamed = (name: string): string => (name === '' ? name : (names.get(name) ?? `/${name}`))
  const used = new Set(graph.nodes.flatMap(({ inputs }) => inputs))
  const made = parameters
    .filter(({ name }) => used.has(name))
    .map((port) => partsOf(port, Object.hasOwn(weights, port.key) ? weights[port.key] : undefined))
  const nodes = [
    ...made.flatMap((parts) => parts.nodes),
    ...graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(renamed),
      outputs: node.outputs.map(renamed),
    })),
  ]
  const constants = [
    ...made.flatMap((parts) => parts.constants),
    ...graph.constants.map((constant) => ({ ...constant, name: renamed(constant.name) })),
  ]
  const valueOf = ({ key, shape, dtype }: Port): OnnxValue => ({ name: key, shape, dtype })
  return encodeGraph({
    name: graph.name,
    nodes,
    constants,
    inputs: batch.map(valueOf),
    outputs: outputs.map(valueOf),
  })
}

/** Names that people see, by those of the trace. */
function publicNames(ports: readonly Port[]): ReadonlyMap<string, string> {
  const seen = new Set<string>()
  for (const { key } of ports) {
    if (seen.has(key) || key === '' || key.startsWith('/'))
      throw new RangeError(
        `exportOnnx: expected weights, arrays of the batch and outputs that have names of their own, none with '/' before it, found '${key}'; rename it`,
      )
    seen.add(key)
  }
  return new Map(ports.map(({ name, key }) => [name, key]))
}

function partsOf({ key, shape }: Port, weight: ExportedWeights[string] | undefined): Parts {
  const what = `exportOnnx: '${key}'`
  const count = sizeOf(shape)
  if (weight === undefined) throw new RangeError(`${what}: expected ${count} weights, found none`)
  const isPlain = weight instanceof Float32Array
  const found = isPlain ? weight.length : weight.quantized.values.length
  if (found !== count) throw new RangeError(`${what}: expected ${count} weights, found ${found}`)
  if (isPlain)
    return { constants: [{ name: key, dtype: 'float32', shape, bytes: bytesOf(weight) }], nodes: [] }
  const { format, quantized } = weight
  const points = integerPoints(format)
  if (points === undefined)
    throw new RangeError(
      `${what}: expected a format whose points are integers of at most 8 bits times one number, found ${format.name}; give the weights of the cast as a Float32Array`,
    )
  const split = integerWeights(what, quantized, points)
  const { integers, scales, extents, nodes } = dequantizeParts(key, shape, quantized.layout, points.bits)
  return {
    nodes,
    constants: [
      { ...integers, bytes: packIntegers(points.bits, split.integers) },
      { ...scales, bytes: bytesOf(split.scales) },
      ...(extents ? [{ ...extents, bytes: bytesOf(extents.data) }] : []),
    ],
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

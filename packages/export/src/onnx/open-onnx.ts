// Reading the weights of an ONNX file again. Comes in: a source of bytes. Goes out: weights by name, those of
// constants and those that DequantizeLinear makes of integers. Source: the ONNX specification, opset 21.

import type { ByteSource } from '@lotion/checkpoints/bytes'
import { sizeOf, type Shape } from '@lotion/core'
import { shownValue } from '@lotion/core/internal'
import { dequantizeIntegers, integerBytes, unpackIntegers } from '@lotion/formats/internal'
import { readGraph, type StoredNode, type StoredTensor } from './read-graph.js'

/** A weight of a file. */
export interface OnnxWeightInfo {
  /** Its extents. */
  readonly shape: Shape
  /** Type of what is stored: `float32`, `int4`, `int8`. */
  readonly stored: string
}

/** The weights of an ONNX file. */
export interface OnnxWeights {
  /** By their names, those of the model that was exported. */
  readonly tensors: Readonly<Record<string, OnnxWeightInfo>>
  /**
   * A weight in f32, as DequantizeLinear makes it.
   * @param name One of `tensors`.
   * @throws RangeError if there is none of that name.
   */
  read(name: string): Promise<Float32Array>
  /** Close the source. */
  close(): Promise<void>
}

interface Weight extends OnnxWeightInfo {
  read(): Promise<Float32Array>
}

type Bytes = (tensor: StoredTensor) => Promise<Uint8Array>

/**
 * Open an ONNX file whose weights are constants: f32 numbers, and integers of 4 or 8 bits without a zero
 * point that DequantizeLinear multiplies by scales in f32, reshaped or not. Constants of the graph's own,
 * whose names begin with `/`, are left out.
 * @param source Of the file's bytes.
 * @throws Error if it is no such file; the source is closed then.
 */
export async function openOnnx(source: ByteSource): Promise<OnnxWeights> {
  const bytes: Bytes = ({ from, to }) => source.read(from, new Uint8Array(to - from))
  const weights = await readGraph(source)
    .then(({ tensors, nodes }) => weightsOf(tensors, nodes, bytes))
    .catch(async (error: unknown) => {
      await source.close()
      throw error
    })
  return {
    tensors: Object.fromEntries([...weights].map(([name, { shape, stored }]) => [name, { shape, stored }])),
    read(name) {
      const found = weights.get(name)
      if (found) return found.read()
      throw new RangeError(`expected one of ${weights.size} weights, found ${shownValue(name)}`)
    },
    close: () => source.close(),
  }
}

const isOwn = (name: string): boolean => name.startsWith('/')

async function weightsOf(
  tensors: ReadonlyMap<string, StoredTensor>,
  nodes: readonly StoredNode[],
  bytes: Bytes,
): Promise<ReadonlyMap<string, Weight>> {
  const products = nodes.filter(({ op }) => op === 'DequantizeLinear')
  const scales = new Set(products.map(({ inputs }) => inputs[1]))
  const weights = new Map<string, Weight>()
  for (const [name, tensor] of tensors) {
    if (tensor.type !== 'float32' || scales.has(name) || isOwn(name)) continue
    expectBytes(name, tensor, 4 * sizeOf(tensor.shape))
    weights.set(name, { shape: tensor.shape, stored: tensor.type, read: () => floats(tensor, bytes) })
  }
  for (const product of products) {
    const weight = dequantized(product, tensors, bytes)
    const [output = ''] = product.outputs
    if (!isOwn(output)) weights.set(output, weight)
    // A product of another shape has a name of the graph's own, and is reshaped.
    const reshape = nodes.find(({ op, inputs }) => op === 'Reshape' && inputs[0] === output)
    const shape = isOwn(output) && tensors.get(reshape?.inputs[1] ?? '')
    if (reshape && shape)
      weights.set(reshape.outputs[0] ?? '', { ...weight, shape: await whole(shape, bytes) })
  }
  return weights
}

function dequantized(
  { inputs, outputs: [name = ''], integers: attributes }: StoredNode,
  tensors: ReadonlyMap<string, StoredTensor>,
  bytes: Bytes,
): Weight {
  const [integers, scales] = inputs.map((input) => tensors.get(input))
  const bits = integers?.type === 'int4' ? 4 : integers?.type === 'int8' ? 8 : undefined
  if (!integers || scales?.type !== 'float32' || inputs.length > 2 || bits === undefined)
    throw new Error(
      `'${name}': expected DequantizeLinear of int4 or int8 and scales in f32, without a zero point, found ${inputs.length} inputs of ${String(integers?.type)} and ${String(scales?.type)}`,
    )
  const { shape } = integers
  const count = sizeOf(shape)
  expectBytes(name, integers, integerBytes(bits, count))
  expectBytes(name, scales, 4 * sizeOf(scales.shape))
  const size = attributes.get('block_size')
  const axis = attributes.get('axis') ?? 1
  const form = {
    shape,
    scales: scales.shape,
    ...(scales.shape.length === 0 ? {} : { axis: axis < 0 ? axis + shape.length : axis }),
    ...(size === undefined || size === 0 ? {} : { size }),
  }
  return {
    shape,
    stored: integers.type,
    read: async () =>
      dequantizeIntegers(
        form,
        unpackIntegers(bits, await bytes(integers), count),
        await floats(scales, bytes),
      ),
  }
}

function expectBytes(name: string, { from, to }: StoredTensor, expected: number): void {
  if (to - from !== expected)
    throw new Error(`'${name}': expected ${expected} bytes of raw data, found ${to - from}`)
}

const floats = async (tensor: StoredTensor, bytes: Bytes): Promise<Float32Array> =>
  new Float32Array((await bytes(tensor)).slice().buffer)

const whole = async (tensor: StoredTensor, bytes: Bytes): Promise<number[]> =>
  Array.from(new BigInt64Array((await bytes(tensor)).slice().buffer), Number)

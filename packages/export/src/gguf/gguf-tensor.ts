// One tensor of a GGUF file. Comes in: a weight of a model, its place in the file. Goes out: its type and
// what makes its bytes: blocks as they were trained, rows moved as wholes.
// Source: docs/design/19-export.md.

import { fromFloat32, type GgufPlace, type GgufTensorSource } from '@lotion/checkpoints/bytes'
import type { ExportTensor } from '../export-model.js'
import type { ExportOptions } from '../export-target.js'
import { blockTypeOf, packed } from './block-types.js'

/**
 * Lay out a tensor; of a type that could round, its weights are looked at first. Vectors are F32: llama.cpp
 * computes with no other.
 * @throws RangeError naming it where no type holds its weights.
 */
export async function ggufTensor(
  { name, shape, grid, read, quantized }: ExportTensor,
  { rows }: GgufPlace,
  { dtype = 'F32', unpacked = false }: ExportOptions,
): Promise<GgufTensorSource> {
  const isMatrix = shape.length > 1
  const inOrder = (bytes: Uint8Array): Uint8Array => (rows ? moved(bytes, rows(shape[0]!)) : bytes)
  if (grid && isMatrix && !unpacked) {
    const type = blockTypeOf(name, shape, grid)
    return { type: type.type, shape, read: async () => inOrder(packed(type, await quantized(), shape)) }
  }
  const type = isMatrix ? dtype : 'F32'
  if (type !== 'F32') {
    const { rounded } = fromFloat32(await read(), type)
    if (rounded > 0)
      throw new RangeError(
        `${name}: expected weights that ${type} has, found ${rounded} of ${shape.join(' × ')} that it would round; leave dtype out (F32)`,
      )
  }
  return { type, shape, read: async () => inOrder(fromFloat32(await read(), type).bytes) }
}

/** Bytes with row `order[i]` at row i. */
function moved(bytes: Uint8Array, order: Uint32Array): Uint8Array {
  const width = bytes.length / order.length
  const made = new Uint8Array(bytes.length)
  order.forEach((from, row) => made.set(bytes.subarray(from * width, (from + 1) * width), row * width))
  return made
}

// The bytes of an ONNX file, one weight at a time. Comes in: a graph. Goes out: a file of the export.
// Source: onnx.proto3; Protocol Buffers, whose messages are refused from 2 GiB on.

import { onnxMessages, protobuf } from '@lotion/core/internal'
import type { ExportFile } from '../export-target.js'
import type { Initializer, OpenGraph } from './open-graph.js'

/** Bytes of the largest message that readers take. */
const MOST_BYTES = 2 ** 31 - 1

/** Bytes as they are, or the data of a constant. */
type Piece = Uint8Array | Initializer

const bytesOf = (piece: Piece): number => (piece instanceof Uint8Array ? piece.length : piece.bytes)

/**
 * Lay a graph out as a file: ModelProto, IR 10, opset 21.
 * @param name Of the file.
 * @throws RangeError if it would be larger than a message can be.
 */
export function modelFile(name: string, graph: OpenGraph): ExportFile {
  const { graphFields, initializerOpening, modelAround, nodeField, valueField } = onnxMessages
  const fields: readonly Piece[] = [
    ...graph.nodes.map(nodeField),
    protobuf.string(graphFields.name, graph.name),
    ...graph.initializers.flatMap((each) => [initializerOpening(each, each.bytes), each]),
    ...graph.inputs.map((value) => valueField('input', value)),
    ...graph.outputs.map((value) => valueField('output', value)),
  ]
  const length = fields.reduce((sum, piece) => sum + bytesOf(piece), 0)
  const { before, after } = modelAround('@lotion/export', length)
  const size = before.length + length + after.length
  if (size > MOST_BYTES)
    throw new RangeError(
      `onnx: ${name}: expected at most ${MOST_BYTES} bytes, which is what one file of the format holds, found ${size}; cast the weights to 4 bits`,
    )
  return {
    name,
    size,
    async *pieces() {
      yield before
      for (const piece of fields)
        yield piece instanceof Uint8Array ? piece : checked(piece, await piece.data())
      yield after
    },
  }
}

function checked({ name, bytes }: Initializer, data: Uint8Array): Uint8Array {
  if (data.length === bytes) return data
  throw new RangeError(`onnx: '${name}': expected ${bytes} bytes, found ${data.length}`)
}

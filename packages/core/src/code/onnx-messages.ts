// Messages of ONNX files, field by field. Comes in: nodes, values, the length of what is written apart. Goes
// out: bytes; of a tensor all but its data, of a model what stands before and after its graph, so that a
// file can be larger than what is held of it. Source: onnx.proto3 of the ONNX specification (field numbers).

import { float, floats, integer, integers, joined, message, opening, string } from './protobuf-bytes.js'

/** Newest operator set whose kernels the graphs of this repository were checked with. */
export const OPSET_VERSION = 21

const IR_VERSION = 10

/** Numbers of TensorProto.DataType. */
export const typeNumbers = Object.freeze({
  float32: 1,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  int4: 22,
})

/** Types of elements that are written. */
export type OnnxType = keyof typeof typeNumbers

/** An attribute of a node; ONNX tells integers from floats, JavaScript does not. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly string: string }

/** One operator; an optional input that is left out has the empty name. */
export interface OnnxNode {
  readonly op: string
  /** '' is the standard operator set. */
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

/** A value of a graph; an extent that is known at run time alone is a name. */
export interface OnnxValue {
  readonly name: string
  readonly dtype: OnnxType
  readonly shape: readonly (number | string)[]
}

/** Fields of GraphProto. */
export const graphFields = Object.freeze({ node: 1, name: 2, initializer: 5, input: 11, output: 12 })

/** Numbers of AttributeProto.AttributeType. */
const attributeType = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const

/** Write a node as a field of its graph. @param index Makes its name unlike the others'. */
export function nodeField(node: OnnxNode, index: number): Uint8Array {
  return message(
    graphFields.node,
    ...node.inputs.map((name) => string(1, name)),
    ...node.outputs.map((name) => string(2, name)),
    string(3, `${node.op}_${index}`),
    string(4, node.op),
    ...Object.entries(node.attributes).map(([name, value]) => attributeField(node, name, value)),
    string(7, node.domain),
  )
}

function attributeField(node: OnnxNode, name: string, value: OnnxAttribute): Uint8Array {
  try {
    return message(5, string(1, name), ...attributeFields(value))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new TypeError(`operator ${node.op}: attribute '${name}': ${reason}`, { cause: error })
  }
}

/** AttributeProto, but for its name. */
function attributeFields(value: OnnxAttribute): readonly Uint8Array[] {
  const type = (kind: keyof typeof attributeType): Uint8Array => integer(20, attributeType[kind])
  if ('int' in value) return [integer(3, value.int), type('int')]
  if ('float' in value) return [float(2, value.float), type('float')]
  if ('ints' in value) return [integers(8, value.ints), type('ints')]
  if ('floats' in value) return [floats(7, value.floats), type('floats')]
  return [string(4, value.string), type('string')]
}

/**
 * Write an input or output as a field of its graph: ValueInfoProto, whose type is a tensor's.
 * @param field Which of `graphFields` it is.
 */
export function valueField(field: 'input' | 'output', { name, dtype, shape }: OnnxValue): Uint8Array {
  const extents = shape.map((extent) =>
    message(1, typeof extent === 'number' ? integer(1, extent) : string(2, extent)),
  )
  const tensor = message(1, integer(1, typeNumbers[dtype]), message(2, ...extents))
  return message(graphFields[field], string(1, name), message(2, tensor))
}

/**
 * Write a constant as a field of its graph, but for its data, which follow: TensorProto, raw.
 * @param length Bytes of the data: little-endian, in row-major order.
 */
export function initializerOpening(
  { name, dtype, shape }: OnnxValue & { readonly shape: readonly number[] },
  length: number,
): Uint8Array {
  const fields = joined([
    integers(1, shape),
    integer(2, typeNumbers[dtype]),
    string(8, name),
    opening(9, length),
  ])
  return joined([opening(graphFields.initializer, fields.length + length), fields])
}

/**
 * Write a ModelProto but for the fields of its graph, which stand between the two parts.
 * @param producer Who wrote it.
 * @param graph Bytes of the graph's fields.
 * @param domains Operator sets beside the standard one, each of version 1.
 */
export function modelAround(
  producer: string,
  graph: number,
  domains: readonly string[] = [],
): { readonly before: Uint8Array; readonly after: Uint8Array } {
  const sets = [['', OPSET_VERSION] as const, ...domains.map((domain) => [domain, 1] as const)]
  return {
    before: joined([integer(1, IR_VERSION), string(2, producer), opening(7, graph)]),
    after: joined(sets.map(([domain, version]) => message(8, string(1, domain), integer(2, version)))),
  }
}

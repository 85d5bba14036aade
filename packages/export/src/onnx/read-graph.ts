// What an ONNX file says, without the data of its tensors. Comes in: a source of bytes. Goes out: nodes, and
// tensors with the places of their data. Source: onnx.proto3 of the ONNX specification (field numbers).

import type { ByteSource } from '@lotion/checkpoints/bytes'
import { onnxMessages } from '@lotion/core/internal'
import type { Shape } from '@lotion/core'
import { fieldsOf, windowed, type Field } from './message-fields.js'

/** A constant of a file. */
export interface StoredTensor {
  readonly shape: Shape
  /** Of its elements: `float32`; the number of a type that is not written here. */
  readonly type: string
  /** Where its raw data begin and end. */
  readonly from: number
  readonly to: number
}

/** An operator of a file, and those of its attributes that are integers. */
export interface StoredNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly integers: ReadonlyMap<string, number>
}

/** The graph of a file. */
export interface StoredGraph {
  readonly tensors: ReadonlyMap<string, StoredTensor>
  readonly nodes: readonly StoredNode[]
}

const { graphFields, typeNumbers } = onnxMessages

/** Read a graph. @throws Error if the bytes are no ONNX file, or its data lie in another. */
export async function readGraph(source: ByteSource): Promise<StoredGraph> {
  const read = messageReader(source)
  const tensors = new Map<string, StoredTensor>()
  const nodes: StoredNode[] = []
  let graphs = 0
  for await (const model of read.fields({ from: 0, to: source.size })) {
    if (model.id !== 7) continue
    graphs++
    for await (const field of read.fields(model)) {
      if (field.id === graphFields.node) nodes.push(await nodeOf(read, field))
      if (field.id === graphFields.initializer) tensors.set(...(await tensorOf(read, field)))
    }
  }
  if (graphs === 0) throw new Error('expected an ONNX model, found no graph')
  return { tensors, nodes }
}

type Range = Pick<Field, 'from' | 'to'>

interface MessageReader {
  fields(range: Range): AsyncGenerator<Field>
  bytes(range: Range): Promise<Uint8Array>
  text(range: Range): Promise<string>
}

function messageReader(source: ByteSource): MessageReader {
  const byteAt = windowed(source)
  const bytes = ({ from, to }: Range) => source.read(from, new Uint8Array(to - from))
  return {
    fields: ({ from, to }) => fieldsOf(byteAt, from, to),
    bytes,
    text: async (range) => new TextDecoder().decode(await bytes(range)),
  }
}

async function tensorOf(read: MessageReader, range: Range): Promise<[string, StoredTensor]> {
  let [name, type] = ['', 0]
  let data: Range = { from: 0, to: 0 }
  const shape: number[] = []
  for await (const field of read.fields(range)) {
    if (field.id === 1) shape.push(...(await extents(read, field)))
    if (field.id === 2) type = field.value ?? 0
    if (field.id === 8) name = await read.text(field)
    if (field.id === 9) data = field
    if (field.id === 14 && field.value !== 0)
      throw new Error(`'${name}': expected data in the file itself, found them elsewhere`)
  }
  const known = Object.entries(typeNumbers).find(([, number]) => number === type)
  return [name, { shape, type: known?.[0] ?? String(type), from: data.from, to: data.to }]
}

/** Numbers packed in one field, or one a field. */
async function extents(read: MessageReader, field: Field): Promise<readonly number[]> {
  if (field.value !== undefined) return [field.value]
  const bytes = await read.bytes(field)
  const found: number[] = []
  let [value, factor] = [0, 1]
  for (const byte of bytes) {
    value += (byte & 127) * factor
    factor *= 128
    if (byte >= 128) continue
    found.push(value)
    ;[value, factor] = [0, 1]
  }
  return found
}

async function nodeOf(read: MessageReader, range: Range): Promise<StoredNode> {
  let op = ''
  const [inputs, outputs]: [string[], string[]] = [[], []]
  const integers = new Map<string, number>()
  for await (const field of read.fields(range)) {
    if (field.id === 1) inputs.push(await read.text(field))
    if (field.id === 2) outputs.push(await read.text(field))
    if (field.id === 4) op = await read.text(field)
    if (field.id !== 5) continue
    let name = ''
    for await (const part of read.fields(field)) {
      if (part.id === 1) name = await read.text(part)
      if (part.id === 3 && part.value !== undefined) integers.set(name, part.value)
    }
  }
  return { op, inputs, outputs, integers }
}

// What becomes a GGUF file, byte after byte. Comes in: named tensors that are still to be made, metadata.
// Goes out: how many bytes there will be, and the bytes in pieces. Source: the GGUF specification, version 3.

import type { Tree } from '@lotion/core'
import { MAX_HEADER_BYTES } from './gguf-cursor.js'
import { alignmentOf, lengthOf, MAGIC, parseGgufHeader, within } from './gguf-header.js'
import { typesByName } from './gguf-types.js'
import { shownName } from '../shown.js'
import { exactBytes, type TensorBytes } from '../written-tensors.js'
import { ggufSink, putGgufValue, type GgufSink, type WritableGgufValue } from './writable-value.js'

const VERSION = 3

/** ggml keeps names in arrays of 64 bytes, and refuses a file with a longer one. */
const MOST_NAME_BYTES = 63

/** A tensor that is still to be made: its entry is known, its bytes come when they are asked for. */
export interface GgufTensorSource {
  /** Type of its blocks, by ggml's name: `Q4_0`, `F32`. */
  readonly type: string
  /** As PyTorch has it, the last axis fastest; rows are whole blocks. */
  readonly shape: readonly number[]
  /**
   * Blocks, exactly as many bytes as type and shape ask for, whole or in pieces. A piece is written before
   * the next is asked for, so that all may share one memory.
   */
  read(): TensorBytes | Promise<TensorBytes>
}

/** Metadata by their keys. */
export type GgufMetadata = Readonly<Record<string, WritableGgufValue>>

/** A file that is made while it is written. */
export interface GgufContent {
  /** Bytes in all. */
  readonly size: number
  /** The bytes in order; a piece is valid until the next is asked for. */
  pieces(): AsyncGenerator<Uint8Array, void>
}

/**
 * Lay out a GGUF file of version 3: header and table are made at once, tensors when their turn comes. What
 * the reader here or ggml's would refuse is refused here.
 * @param tensors By llama.cpp's names, in the order in which they are written.
 * @param metadata By key; `general.alignment` is kept to, 32 bytes without it.
 * @throws RangeError or Error naming the tensor or the key, what was expected and what was found.
 * @example
 * ```ts
 * import { ggufContent } from '@lotion/checkpoints/bytes'
 *
 * const bytes = new Uint8Array(Float32Array.of(1, 2, 3).buffer)
 * const file = ggufContent(
 *   { 'output_norm.weight': { type: 'F32', shape: [3], read: () => bytes } },
 *   { 'general.architecture': 'llama', 'llama.block_count': { type: 'uint32', value: 1 } },
 * )
 * const pieces = []
 * for await (const piece of file.pieces()) pieces.push(piece.slice())
 * console.log(file.size, new Blob(pieces).size)
 * ```
 */
export function ggufContent(tensors: Tree<GgufTensorSource>, metadata: GgufMetadata = {}): GgufContent {
  const sink = ggufSink()
  const [pairs, entries] = [Object.entries(metadata), Object.entries(tensors)]
  sink.number('uint32', MAGIC)
  sink.number('uint32', VERSION)
  sink.number('uint64', entries.length)
  sink.number('uint64', pairs.length)
  for (const [key, value] of pairs)
    within(`metadata ${shownName(key)}`, () => {
      sink.text(key)
      putGgufValue(sink, value)
    })
  const alignment = alignmentIn(metadata)
  const padded = (length: number): number => Math.ceil(length / alignment) * alignment
  let offset = 0
  const placed = entries.map(([name, tensor]) => {
    const length = within(`tensor ${shownName(name)}`, () => putEntry(sink, name, tensor, offset))
    offset += padded(length)
    return { name, tensor, length }
  })
  sink.align(alignment)
  const header = sink.bytes()
  if (header.length > MAX_HEADER_BYTES)
    throw new RangeError(
      `expected at most ${MAX_HEADER_BYTES} bytes of metadata and table of tensors, found ${header.length}`,
    )
  const size = header.length + offset
  parseGgufHeader(header, size)
  return Object.freeze<GgufContent>({
    size,
    async *pieces() {
      yield header
      for (const { name, tensor, length } of placed) {
        yield* exactBytes(await tensor.read(), length, (found) => wrongLength(name, tensor, length, found))
        if (padded(length) > length) yield new Uint8Array(padded(length) - length)
      }
    },
  })
}

/** Write an entry of the table; answers the bytes of its tensor. */
function putEntry(
  sink: GgufSink,
  name: string,
  { type: word, shape }: GgufTensorSource,
  offset: number,
): number {
  const type = typesByName.get(word)
  if (!type)
    throw new RangeError(
      `type: expected one of ${[...typesByName.keys()].join(', ')}, found ${shownName(word)}`,
    )
  const bytes = new TextEncoder().encode(name).length
  if (bytes > MOST_NAME_BYTES)
    throw new RangeError(
      `name: expected at most ${MOST_NAME_BYTES} bytes, found ${bytes}; ggml reads no longer one`,
    )
  const other = shape.find((extent) => !Number.isSafeInteger(extent) || extent < 1)
  if (other !== undefined)
    throw new RangeError(`shape: expected whole extents of at least 1, found ${other}; ggml reads no others`)
  const extents = shape.map(BigInt).reverse()
  sink.text(name)
  sink.number('uint32', extents.length)
  for (const extent of extents) sink.number('uint64', extent)
  sink.number('uint32', type.id)
  sink.number('uint64', offset)
  return lengthOf(extents, type)
}

function alignmentIn({ 'general.alignment': found }: GgufMetadata): number {
  if (found === undefined) return alignmentOf({})
  if (typeof found === 'object' && 'type' in found && found.type === 'uint32')
    return alignmentOf({ 'general.alignment': Number(found.value) })
  throw new RangeError(`metadata 'general.alignment': expected a number of type uint32, found another value`)
}

function wrongLength(
  name: string,
  { type, shape }: GgufTensorSource,
  expected: number,
  found: number,
): RangeError {
  return new RangeError(
    `tensor ${shownName(name)}: expected the ${expected} bytes of ${type} [${shape.join(', ')}], found ${found}`,
  )
}

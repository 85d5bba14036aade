// A GGUF file over whatever holds its bytes: its header read and checked, its tensors decoded when asked for.
// Comes in: a source of bytes. Goes out: metadata, tensors in f32. Source: the GGUF specification.

import { sizeOf } from '@lotion/core'
import type { ByteRange } from '../safetensors-header.js'
import { named, type ByteSource } from '../safetensors-view.js'
import { shownName, shownNames } from '../shown.js'
import { MAX_HEADER_BYTES, NeedsMore } from './gguf-cursor.js'
import { parseGgufHeader, type GgufHeader, type GgufTensorInfo } from './gguf-header.js'
import type { GgufType } from './gguf-type.js'
import { decodedTypes, typesByName } from './gguf-types.js'
import type { GgufValue } from './gguf-values.js'

/** An open GGUF file: its header is read and checked, its tensors are decoded when asked for. */
export interface GgufFile {
  /** What messages call it: the path that it was opened by. */
  readonly path: string
  /** Of the format: 2 or 3. */
  readonly version: number
  /** Values by key, as the file has them; an object without a prototype. `ggufValue` reads one of a kind. */
  readonly metadata: Readonly<Record<string, GgufValue>>
  /** Types and shapes by llama.cpp's names, in the order of the file; an object without a prototype. */
  readonly tensors: Readonly<Record<string, GgufTensorInfo>>
  /**
   * Decode a tensor to f32, in the order of its shape.
   * @param name One of `tensors`.
   * @throws RangeError if there is none of that name, its type is not decoded here, or it is larger than one
   * array can be; `part` reads it then.
   */
  read(name: string): Promise<Float32Array>
  /**
   * Decode weights from weight `first` on, as many as `into` has places; answers `into`.
   * @param name One of `tensors`.
   * @param first Counted from 0, in the order of memory.
   * @param into Written over.
   * @throws RangeError as `read`, or if the tensor has no such weights.
   */
  part(name: string, first: number, into: Float32Array): Promise<Float32Array>
  /** Close the file; tensors that were read stay. */
  close(): Promise<void>
}

/** Bytes that are read first, for the header; most headers without a tokenizer are shorter. */
const FIRST_BYTES = 2 ** 20
/** Bytes of blocks that are held while they are decoded. */
const PIECE_BYTES = 4 * 2 ** 20

/** Read the header, at first a part of it: its length stands nowhere. */
async function readHeader({ size, read }: ByteSource): Promise<GgufHeader> {
  for (let length = FIRST_BYTES; ; length *= 4) {
    const known = Math.min(length, size, MAX_HEADER_BYTES)
    try {
      return parseGgufHeader(await read(0, new Uint8Array(known)), size)
    } catch (error) {
      if (!(error instanceof NeedsMore)) throw error
    }
  }
}

function refuseSplit({ metadata }: GgufHeader): void {
  const parts = metadata['split.count']
  if (parts !== undefined && parts !== 1 && parts !== 0)
    throw new Error(
      `metadata 'split.count': expected a whole file, found one of ${String(parts)} parts; join them with llama.cpp's llama-gguf-split --merge`,
    )
}

/**
 * Check the header of a file; its tensors are decoded when asked for. `path` is its name in errors.
 * @throws Error naming the file, what was expected and what was found; the source is closed then.
 */
export async function viewGguf(path: string, source: ByteSource): Promise<GgufFile> {
  const header = await readHeader(source)
    .then((found) => {
      refuseSplit(found)
      return found
    })
    .catch(async (error: unknown) => {
      await source.close()
      throw named(path, error)
    })
  const { version, metadata, tensors, ranges } = header
  const find = (name: string) => {
    const range = ranges.get(name)
    if (range === undefined)
      throw new RangeError(
        `${path}: expected a tensor of the name ${shownName(name)}, found [${shownNames([...ranges.keys()])}]`,
      )
    const { type, shape } = tensors[name]!
    return { range, type: typesByName.get(type)!, count: sizeOf(shape) }
  }
  const decode = async (name: string, first: number, into: Float32Array): Promise<Float32Array> => {
    const { range, type, count } = find(name)
    refuseUndecoded(`${path}: ${shownName(name)}`, type)
    if (!Number.isSafeInteger(first) || first < 0 || first + into.length > count)
      throw new RangeError(
        `${path}: ${shownName(name)}: expected weights among its ${count}, found ${into.length} from ${first} on`,
      )
    await decodeRange(type, range, first, into, (position, bytes) =>
      source.read(position, bytes).catch((error: unknown) => {
        throw named(path, error)
      }),
    )
    return into
  }
  return Object.freeze<GgufFile>({
    path,
    version,
    metadata,
    tensors,
    async read(name) {
      const { type, count } = find(name)
      refuseUndecoded(`${path}: ${shownName(name)}`, type)
      return decode(name, 0, weightsArray(path, name, count))
    },
    part: decode,
    close: () => source.close(),
  })
}

function refuseUndecoded(what: string, { name, decode }: GgufType): void {
  if (decode) return
  throw new RangeError(
    `${what}: expected a tensor of ${decodedTypes.map((type) => type.name).join(', ')}, found ${name}, which is not read here; ` +
      `write the file anew in one of these with llama.cpp's llama-quantize`,
  )
}

/** Decode weights [first, first + into.length), some whole blocks at a time. */
async function decodeRange(
  { weights, bytes, decode }: GgufType,
  { begin }: ByteRange,
  first: number,
  into: Float32Array,
  read: ByteSource['read'],
): Promise<void> {
  const most = Math.floor(PIECE_BYTES / bytes)
  let block = Math.floor(first / weights)
  const end = Math.ceil((first + into.length) / weights)
  const held = new Uint8Array(Math.min(most, end - block) * bytes)
  for (; block < end; block += most) {
    const blocks = Math.min(most, end - block)
    const piece = await read(begin + block * bytes, held.subarray(0, blocks * bytes))
    const [from, count] = [block * weights - first, blocks * weights]
    if (from >= 0 && from + count <= into.length) {
      decode!(piece, into.subarray(from, from + count))
      continue
    }
    // Blocks that begin before what is wanted, or end behind it.
    const whole = new Float32Array(count)
    decode!(piece, whole)
    const skip = Math.max(0, -from)
    into.set(whole.subarray(skip, Math.min(count, into.length - from)), from + skip)
  }
}

/** Make an array for a tensor. @throws if this platform has none so large. */
function weightsArray(path: string, name: string, count: number): Float32Array {
  try {
    return new Float32Array(count)
  } catch (error) {
    throw new RangeError(
      `${path}: ${shownName(name)}: expected a tensor that fits into one array, found ${count} weights; read it in parts`,
      { cause: error },
    )
  }
}

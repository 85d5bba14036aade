// A safetensors file over whatever holds its bytes: its header read and checked, its tensors read when asked
// for. Comes in: a source of bytes. Goes out: raw tensors, whole, in parts or in pieces.
// Source: the safetensors format.

import { dtypeBits, type RawTensor } from './dtype.js'
import { headerLength, LENGTH_BYTES, parseHeader, type TensorInfo } from './safetensors-header.js'
import { shownName, shownNames } from './shown.js'

/** Bytes of one of the pieces that a tensor is passed through in. */
const PIECE_BYTES = 8 * 2 ** 20

/** An open checkpoint: its header is read and checked, its tensors are read when asked for. */
export interface SafetensorsFile {
  /** What messages call it: the path that it was opened by. */
  readonly path: string
  /** Texts by name; an object without a prototype. */
  readonly metadata: Readonly<Record<string, string>>
  /** Types and shapes by name, in the order of the header; an object without a prototype. */
  readonly tensors: Readonly<Record<string, TensorInfo>>
  /**
   * Read one tensor.
   * @param name One of `tensors`.
   * @throws RangeError if there is none of that name, or it is larger than one array can be; `part` and
   * `pieces` read it then.
   */
  tensor(name: string): Promise<RawTensor>
  /**
   * Read `count` elements from element `first` on, in the order of memory; the answer's shape is [count].
   * @param name One of `tensors`.
   * @param first Counted from 0, in elements.
   * @param count In elements, at least 0.
   * @param into Takes the bytes, if given; at least as long as they are.
   * @throws RangeError if the tensor has no such elements, or they do not begin and end with a byte.
   */
  part(name: string, first: number, count: number, into?: Uint8Array): Promise<RawTensor>
  /**
   * Read all bytes of a tensor of any size, piece by piece; each is valid until the next is asked for.
   * @param name One of `tensors`.
   */
  pieces(name: string): AsyncGenerator<Uint8Array>
  /** Close the file; tensors that were read stay. */
  close(): Promise<void>
}

/** Everything a file holds. */
export interface Safetensors {
  /** Texts by name; an object without a prototype. */
  readonly metadata: Readonly<Record<string, string>>
  /** Whole tensors by name, in the order of the header; an object without a prototype. */
  readonly tensors: Readonly<Record<string, RawTensor>>
}

/** What holds the bytes of a file. */
export interface ByteSource {
  /** Bytes of the whole file. */
  readonly size: number
  /**
   * Fill an array; resolves to it.
   * @param position Of the first byte that is wanted.
   * @param bytes Written over, to its end.
   * @throws if the file ends before.
   */
  read(position: number, bytes: Uint8Array): Promise<Uint8Array>
  /** Give back what holds the bytes. */
  close(): Promise<void>
}

/** Say which file an error is about. */
export function named(path: string, error: unknown): Error {
  const isLoop = error instanceof Error && 'code' in error && error.code === 'ELOOP'
  const reason = isLoop
    ? 'the symbolic links of this path lead in a circle, or are too many: name the file itself (ELOOP)'
    : error instanceof Error
      ? error.message
      : String(error)
  return new Error(`cannot read ${path}: ${reason}`, { cause: error })
}

async function readHeader({ size, read }: ByteSource) {
  const prefix = await read(0, new Uint8Array(Math.min(LENGTH_BYTES, size)))
  const length = headerLength(prefix, size)
  const dataAt = LENGTH_BYTES + length
  const header = parseHeader(await read(LENGTH_BYTES, new Uint8Array(length)), size - dataAt)
  return { dataAt, ...header }
}

/**
 * Check the header of a file; its tensors are read when asked for. `path` is its name in errors.
 * @throws Error naming the file, what was expected and what was found; the source is closed then.
 */
export async function viewSafetensors(path: string, source: ByteSource): Promise<SafetensorsFile> {
  const { dataAt, metadata, tensors, ranges } = await readHeader(source).catch(async (error: unknown) => {
    await source.close()
    throw named(path, error)
  })
  const find = (name: string) => {
    const range = ranges.get(name)
    if (range === undefined) {
      throw new RangeError(
        `${path}: expected a tensor of the name ${shownName(name)}, found [${shownNames([...ranges.keys()])}]`,
      )
    }
    return { ...tensors[name]!, ...range }
  }
  const read = (position: number, bytes: Uint8Array) =>
    source.read(dataAt + position, bytes).catch((error: unknown) => {
      throw named(path, error)
    })
  return Object.freeze<SafetensorsFile>({
    path,
    metadata,
    tensors,
    async tensor(name) {
      const { dtype, shape, begin, end } = find(name)
      return { dtype, shape, bytes: await read(begin, arrayOf(path, name, end - begin)) }
    },
    async part(name, first, count, into) {
      const { dtype, begin, end } = find(name)
      const bits = dtypeBits[dtype]
      const [from, length] = [(first * bits) / 8, (count * bits) / 8]
      const fits = [first, count, from, length].every((n) => Number.isSafeInteger(n) && n >= 0)
      if (!fits || from + length > end - begin) {
        throw new RangeError(
          `${path}: ${shownName(name)}: expected elements among the ${((end - begin) * 8) / bits} of ${dtype}, in whole bytes, found ${count} from ${first} on`,
        )
      }
      const bytes = into ? into.subarray(0, length) : arrayOf(path, name, length)
      if (bytes.length < length)
        throw new RangeError(`into: expected at least ${length} bytes, found ${bytes.length}`)
      return { dtype, shape: [count], bytes: await read(begin + from, bytes) }
    },
    async *pieces(name) {
      const { begin, end } = find(name)
      const piece = new Uint8Array(Math.min(PIECE_BYTES, end - begin))
      for (let at = begin; at < end; at += piece.length)
        yield await read(at, piece.subarray(0, Math.min(piece.length, end - at)))
    },
    close: () => source.close(),
  })
}

/** Make an array for bytes of a tensor. @throws if this platform has none so large. */
function arrayOf(path: string, name: string, length: number): Uint8Array {
  try {
    return new Uint8Array(length)
  } catch (error) {
    throw new RangeError(
      `${path}: ${shownName(name)}: expected a tensor that fits into one array, found ${length} bytes; read it in parts`,
      { cause: error },
    )
  }
}

// Reading safetensors files: named tensors with nothing that could run.
// Comes in: a path. Goes out: raw tensors, read one by one or in parts. Source: the safetensors format.

import { constants } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { dtypeBits, type RawTensor } from './dtype.js'
import { dictionary, headerLength, LENGTH_BYTES, parseHeader, type TensorInfo } from './safetensors-header.js'
import { shownName, shownNames } from './shown.js'

/** Bytes of one of the pieces that a tensor is passed through in. */
const PIECE_BYTES = 8 * 2 ** 20

/** An open checkpoint: its header is read and checked, its tensors are read when asked for. */
export interface SafetensorsFile {
  readonly path: string
  /** Texts by name; an object without a prototype. */
  readonly metadata: Readonly<Record<string, string>>
  /** Types and shapes by name, in the order of the header; an object without a prototype. */
  readonly tensors: Readonly<Record<string, TensorInfo>>
  /**
   * Read one tensor.
   * @throws RangeError if there is none of that name, or it is larger than one array can be; `part` and
   * `pieces` read it then.
   */
  tensor(name: string): Promise<RawTensor>
  /**
   * Read `count` elements from element `first` on, in the order of memory; the answer's shape is [count].
   * @param into Takes the bytes, if given; at least as long as they are.
   * @throws RangeError if the tensor has no such elements, or they do not begin and end with a byte.
   */
  part(name: string, first: number, count: number, into?: Uint8Array): Promise<RawTensor>
  /** Read all bytes of a tensor of any size, piece by piece; each is valid until the next is asked for. */
  pieces(name: string): AsyncGenerator<Uint8Array>
  /** Close the file; tensors that were read stay. */
  close(): Promise<void>
}

/** Everything a file holds. */
export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: Readonly<Record<string, RawTensor>>
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

/** Read bytes [position, position + bytes.length) of a file. @throws if the file ends before. */
async function fill(handle: FileHandle, position: number, bytes: Uint8Array): Promise<Uint8Array> {
  let at = 0
  while (at < bytes.length) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, 2 ** 30), position + at)
    if (bytesRead === 0)
      throw new Error(`expected ${bytes.length} bytes at ${position}, found ${at}; the file was cut short`)
    at += bytesRead
  }
  return bytes
}

/**
 * Open a regular file for reading.
 * @throws if it is none. A pipe without a writer would block the process for ever, so it is refused.
 */
export async function openRegular(
  path: string,
): Promise<{ readonly handle: FileHandle; readonly size: number }> {
  refuseSpecial(await stat(path))
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const info = await handle.stat()
    refuseSpecial(info)
    return { handle, size: info.size }
  } catch (error) {
    await handle.close()
    throw error
  }
}

function refuseSpecial(info: Awaited<ReturnType<typeof stat>>): void {
  if (!info.isFile())
    throw new Error(
      `expected a file, found a ${info.isDirectory() ? 'folder' : info.isFIFO() ? 'pipe' : 'device or socket'}`,
    )
}

async function readHeader(handle: FileHandle, size: number) {
  const prefix = await fill(handle, 0, new Uint8Array(Math.min(LENGTH_BYTES, size)))
  const length = headerLength(prefix, size)
  const dataAt = LENGTH_BYTES + length
  const header = parseHeader(await fill(handle, LENGTH_BYTES, new Uint8Array(length)), size - dataAt)
  return { dataAt, ...header }
}

/**
 * Open a file and check its header; tensors are read one at a time or in parts, so a file may be larger than
 * memory.
 * @throws Error naming the path, what was expected and what was found. Nothing stays open then.
 * @example
 * ```ts
 * import { openSafetensors, toFloat32, writeSafetensors } from '@lotion/checkpoints'
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'lotion-')), 'model.safetensors')
 * const weight = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] }
 * await writeSafetensors(path, { 'a.weight': weight }, { seed: '1' })
 *
 * const file = await openSafetensors(path)
 * console.log(toFloat32(await file.tensor('a.weight')))
 * await file.close()
 * ```
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const { handle, size } = await openRegular(path).catch((error: unknown) => {
    throw named(path, error)
  })
  try {
    const { dataAt, metadata, tensors, ranges } = await readHeader(handle, size)
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
      fill(handle, dataAt + position, bytes).catch((error: unknown) => {
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
      close: () => handle.close(),
    })
  } catch (error) {
    await handle.close()
    throw named(path, error)
  }
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

/**
 * Read a whole file.
 * @throws Error naming the path, what was expected and what was found.
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from '@lotion/checkpoints'
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'lotion-')), 'model.safetensors')
 * const weight = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] }
 * await writeSafetensors(path, { 'a.weight': weight }, { seed: '1' })
 * console.log((await readSafetensors(path)).tensors['a.weight'])
 * ```
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  const file = await openSafetensors(path)
  try {
    const tensors: [string, RawTensor][] = []
    for (const name of Object.keys(file.tensors)) tensors.push([name, await file.tensor(name)])
    return { metadata: file.metadata, tensors: dictionary(tensors) }
  } finally {
    await file.close()
  }
}

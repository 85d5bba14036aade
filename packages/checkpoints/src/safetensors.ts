// safetensors files: named tensors with nothing that could run.
// Comes in: a path, or named tensors. Goes out: raw tensors read one by one, or a file written whole or not at all.
// Source: the safetensors format; header padded to 8 bytes with spaces, tensors ordered by alignment, then name.

import { open, type FileHandle } from 'node:fs/promises'
import type { HostArray, Tree } from '@lotion/core'
import { dtypeBits, fromTyped, type Dtype, type RawTensor } from './dtype.js'
import { headerLength, LENGTH_BYTES, MAX_HEADER_BYTES, parseHeader } from './safetensors-header.js'
import { writeAtomic } from './write-atomic.js'

/** An open file: its header is read and checked, its tensors are read when asked for. */
export interface SafetensorsFile {
  readonly path: string
  readonly metadata: Readonly<Record<string, string>>
  /** Types and shapes by name, in the order of the header. */
  readonly tensors: Tree<{ readonly dtype: Dtype; readonly shape: readonly number[] }>
  /**
   * Read one tensor.
   * @throws RangeError if there is none of that name.
   */
  tensor(name: string): Promise<RawTensor>
  /** Close the file; tensors that were read stay. */
  close(): Promise<void>
}

/** A tensor that is still to be made: its header is known, its bytes come when they are asked for. */
export interface TensorSource {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** Little-endian bytes, exactly as many as the shape asks for; called once. */
  read(): Uint8Array | Promise<Uint8Array>
}

/** Everything a file holds. */
export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: Tree<RawTensor>
}

async function readExactly(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let at = 0
  while (at < length) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(length - at, 2 ** 30), position + at)
    if (bytesRead === 0)
      throw new Error(`expected ${length} bytes at ${position}, found ${at}; the file was cut short`)
    at += bytesRead
  }
  return bytes
}

function named(path: string, error: unknown): Error {
  return new Error(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  })
}

async function readHeader(handle: FileHandle) {
  const info = await handle.stat()
  if (!info.isFile()) throw new Error('expected a file, found a folder or device')
  const prefix = await readExactly(handle, 0, Math.min(LENGTH_BYTES, info.size))
  const length = headerLength(prefix, info.size)
  const dataAt = LENGTH_BYTES + length
  const header = parseHeader(await readExactly(handle, LENGTH_BYTES, length), info.size - dataAt)
  return { dataAt, ...header }
}

/**
 * Open a file and check its header; tensors are read one at a time, so a file may be larger than memory.
 * @throws Error naming the path, what was expected and what was found. Nothing stays open then.
 * @example
 * const file = await openSafetensors('model.safetensors')
 * const weights = toFloat32(await file.tensor('model.embed_tokens.weight'))
 * await file.close()
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw named(path, error)
  })
  try {
    const { dataAt, metadata, entries } = await readHeader(handle)
    const summary = [...entries].map(([name, { dtype, shape }]) => [name, { dtype, shape }] as const)
    return Object.freeze<SafetensorsFile>({
      path,
      metadata,
      tensors: Object.fromEntries(summary),
      async tensor(name) {
        const entry = entries.get(name)
        if (entry === undefined) {
          throw new RangeError(
            `${path}: expected a tensor of the name '${name}', found [${[...entries.keys()].join(', ')}]`,
          )
        }
        const { dtype, shape, begin, end } = entry
        const bytes = await readExactly(handle, dataAt + begin, end - begin).catch((error: unknown) => {
          throw named(path, error)
        })
        return { dtype, shape, bytes }
      },
      close: () => handle.close(),
    })
  } catch (error) {
    await handle.close()
    throw named(path, error)
  }
}

/**
 * Read a whole file.
 * @throws Error naming the path, what was expected and what was found.
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  const file = await openSafetensors(path)
  try {
    const tensors: [string, RawTensor][] = []
    for (const name of Object.keys(file.tensors)) tensors.push([name, await file.tensor(name)])
    return { metadata: file.metadata, tensors: Object.fromEntries(tensors) }
  } finally {
    await file.close()
  }
}

function sourceOf(tensor: HostArray | RawTensor): TensorSource {
  const { dtype, bytes }: Omit<RawTensor, 'shape'> = 'bytes' in tensor ? tensor : fromTyped(tensor.data)
  return { dtype, shape: tensor.shape, read: () => bytes }
}

/** Bytes of a tensor. @throws unless its extents are whole and so are its bytes. */
function byteLength(name: string, { dtype, shape }: TensorSource): number {
  const bits = shape.reduce((product, extent) => product * extent, 1) * dtypeBits[dtype]
  if (shape.some((extent) => !Number.isInteger(extent) || extent < 0) || bits % 8 !== 0) {
    throw new RangeError(
      `tensor '${name}': expected whole extents and whole bytes, found ${dtype} [${shape.join(', ')}]`,
    )
  }
  return bits / 8
}

async function bytesOf(name: string, tensor: TensorSource): Promise<Uint8Array> {
  const bytes = await tensor.read()
  const expected = byteLength(name, tensor)
  if (bytes.byteLength !== expected) {
    throw new RangeError(
      `tensor '${name}': expected the ${expected} bytes of ${tensor.dtype} [${tensor.shape.join(', ')}], found ${bytes.byteLength}`,
    )
  }
  return bytes
}

function encodeHeader(
  tensors: readonly (readonly [string, TensorSource])[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries: [string, unknown][] = []
  if (Object.keys(metadata).length > 0) {
    entries.push([
      '__metadata__',
      Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))),
    ])
  }
  let at = 0
  for (const [name, tensor] of tensors) {
    const { dtype, shape } = tensor
    const end = at + byteLength(name, tensor)
    entries.push([name, { dtype, shape, data_offsets: [at, end] }])
    at = end
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)), 'utf8')
  const header = Buffer.alloc(8 * Math.ceil(json.length / 8), ' ')
  json.copy(header)
  if (header.length > MAX_HEADER_BYTES) {
    throw new RangeError(
      `header: expected at most ${MAX_HEADER_BYTES} bytes of names, shapes and metadata, found ${header.length}`,
    )
  }
  const prefix = Buffer.alloc(LENGTH_BYTES)
  prefix.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([prefix, header])
}

/**
 * Write named tensors atomically: `HostArray`s as F32 or I32, raw tensors as they are. The same input gives the same bytes.
 * @throws RangeError if a tensor's size does not fit its shape or a name is reserved; Error saying what to do if the disk is full
 * or the folder missing or not writable.
 * @example
 * await writeSafetensors('model.safetensors', { 'a.weight': { data: new Float32Array(6), shape: [2, 3] } }, { seed: '1' })
 */
export async function writeSafetensors(
  path: string,
  tensors: Tree<HostArray | RawTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const sources = Object.entries(tensors).map(([name, tensor]) => [name, sourceOf(tensor)] as const)
  await streamSafetensors(path, Object.fromEntries(sources), metadata)
}

/**
 * Write named tensors atomically, one at a time: each is read when its turn in the file comes, widest types first, then by
 * name, and not held after. The same tensors give the same bytes as `writeSafetensors`.
 * @throws as `writeSafetensors`; what a tensor's `read` throws ends the writing and leaves no file.
 */
export async function streamSafetensors(
  path: string,
  tensors: Tree<TensorSource>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const name of ['__metadata__', '__proto__']) {
    if (Object.hasOwn(tensors, name))
      throw new RangeError(`tensor '${name}': expected another name, this one is reserved`)
  }
  // The widest types first: every tensor is aligned to its own width in the file.
  const sorted = Object.entries(tensors).sort(
    ([a, { dtype: x }], [b, { dtype: y }]) => dtypeBits[y] - dtypeBits[x] || (a < b ? -1 : 1),
  )
  const header = encodeHeader(sorted, metadata)
  await writeAtomic(
    path,
    (async function* () {
      yield header
      for (const [name, tensor] of sorted) yield await bytesOf(name, tensor)
    })(),
  )
}

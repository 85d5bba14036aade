// Reading safetensors files: named tensors with nothing that could run.
// Comes in: a path. Goes out: raw tensors, read one by one or in parts. Source: the safetensors format.

import { constants } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import type { RawTensor } from './dtype.js'
import { dictionary } from './safetensors-header.js'
import {
  named,
  viewSafetensors,
  type ByteSource,
  type Safetensors,
  type SafetensorsFile,
} from './safetensors-view.js'

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

/**
 * Open a file and check its header; tensors are read one at a time or in parts, so a file may be larger than
 * memory.
 * @param path Of a file. A folder, a pipe or a device is refused.
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
  return viewSafetensors(path, await sourceOf(path))
}

/** Open a regular file as a source of bytes. @throws Error naming the path if it is none. */
export async function sourceOf(path: string): Promise<ByteSource> {
  const { handle, size } = await openRegular(path).catch((error: unknown) => {
    throw named(path, error)
  })
  return {
    size,
    read: (position, bytes) => fill(handle, position, bytes),
    close: () => handle.close(),
  }
}

/**
 * Read a whole file.
 * @param path Of a file. A folder, a pipe or a device is refused.
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

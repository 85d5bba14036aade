// The files of an export on the disk. Comes in: files whose bytes are made when they are asked for. Goes out:
// a file or a folder, whole or not at all; nothing is overwritten.
// Source: docs/design/19-export.md.

import { lstat, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { writeAtomic } from '@lotion/checkpoints'
import { removeAbandoned, temporaryBeside } from '@lotion/checkpoints/internal'
import type { ExportFile } from '@lotion/export'

/** How files are written. */
export interface WriteExportOptions {
  /** Whether the place is a folder of them; otherwise it is the one file. */
  readonly folder: boolean
  /** Ends it between two pieces, by its reason. */
  readonly signal: AbortSignal
  /** Told of bytes that were made, of all files. */
  onProgress(bytes: number): void
}

/**
 * Write the files; a folder appears when it is whole.
 * @throws Error if something is there already.
 */
export async function writeExport(
  place: string,
  files: readonly ExportFile[],
  { folder, signal, onProgress }: WriteExportOptions,
): Promise<void> {
  const found = await lstat(place).catch((error: NodeJS.ErrnoException): undefined => {
    if (error.code !== 'ENOENT') throw error
  })
  if (found)
    throw new Error(
      `${place}: expected nothing there yet, found a ${found.isDirectory() ? 'folder' : 'file'}; name another place: --out <path>`,
    )
  let done = 0
  async function* watched(file: ExportFile): AsyncGenerator<Uint8Array, void> {
    for await (const piece of file.pieces()) {
      signal.throwIfAborted()
      yield piece
      done += piece.length
      onProgress(done)
    }
  }
  if (!folder) {
    await writeAtomic(place, watched(files[0]!))
    return
  }
  // Under another name until it is whole, whatever ends this process.
  await mkdir(dirname(resolve(place)), { recursive: true })
  await removeAbandoned(dirname(resolve(place)))
  const making = temporaryBeside(place)
  await mkdir(making)
  try {
    for (const file of files) {
      const path = join(making, file.name)
      await mkdir(dirname(path), { recursive: true })
      await writeAtomic(path, watched(file))
    }
    await rename(making, place)
  } catch (error) {
    await rm(making, { recursive: true, force: true })
    throw error
  }
}

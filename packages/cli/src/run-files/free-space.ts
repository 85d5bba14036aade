// Free space of a disk, compared with what will be written before the work that it is for. Comes in: a folder
// and bytes. Goes out: an error that says what to do. Source: docs/design/04-bench.md.

import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { bytesText } from '@lotion/core/internal'

/** Bytes free on the disk of a folder, which may still have to be made; some file systems do not tell. */
export async function freeSpace(folder: string): Promise<number | undefined> {
  const space = await statfs(folder).catch((error: NodeJS.ErrnoException) => error.code)
  if (space === 'ENOENT' && dirname(folder) !== folder) return freeSpace(dirname(resolve(folder)))
  return typeof space !== 'object' || space.blocks === 0 ? undefined : space.bavail * space.bsize
}

/**
 * Refuse a folder on whose disk so many bytes do not fit. Quotas of users are not seen by this; writing
 * tells.
 * @throws Error with the bytes needed and free.
 */
export async function refuseFullDisk(folder: string, bytes: number): Promise<void> {
  const free = await freeSpace(folder)
  if (free === undefined || bytes <= free) return
  throw new Error(
    `cannot keep what the run will write: expected ${bytesText(bytes)} free in ${folder}, found ${bytesText(free)}: free some space or choose another place`,
  )
}

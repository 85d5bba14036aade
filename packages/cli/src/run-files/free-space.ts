// Free space of a disk, compared with what will be written before the work that it is for. Comes in: a folder
// and bytes. Goes out: an error that says what to do. Source: docs/design/04-bench.md.

import { statfs } from 'node:fs/promises'
import { bytesText } from '@lotion/core/internal'

/**
 * Refuse a folder on whose disk so many bytes do not fit. Quotas of users are not seen by this; writing
 * tells.
 * @throws Error with the bytes needed and free.
 */
export async function refuseFullDisk(folder: string, bytes: number): Promise<void> {
  // Some file systems do not tell.
  const space = await statfs(folder).catch(() => undefined)
  if (space === undefined || space.blocks === 0) return
  const free = space.bavail * space.bsize
  if (bytes <= free) return
  throw new Error(
    `cannot keep what the run will write: expected ${bytesText(bytes)} free in ${folder}, found ${bytesText(free)}: free some space or choose another place`,
  )
}

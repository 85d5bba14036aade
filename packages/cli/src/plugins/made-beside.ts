// A folder that is there whole or not at all. Comes in: its path, what fills and places it. Goes out: what
// that returns; the temporary folder beside it is gone, as are those of processes that were killed.

import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { removeAbandoned, temporaryBeside } from '@lotion/checkpoints/internal'

/** Let a folder be filled beside its place. `make` moves it there, or what is in it. */
export async function madeBeside<R>(target: string, make: (temporary: string) => Promise<R>): Promise<R> {
  const parent = dirname(target)
  await mkdir(parent, { recursive: true })
  await removeAbandoned(parent)
  const temporary = temporaryBeside(target)
  try {
    await mkdir(temporary)
    return await make(temporary)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

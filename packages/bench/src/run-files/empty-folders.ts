// Folders that were made for nothing. Comes in: a relative path. Goes out: no folder of it that is empty.

import { rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Remove a folder and those above it as far as they are empty; never the working folder. */
export async function removeEmptyFolders(path: string): Promise<void> {
  if (dirname(path) === path || path === '.') return
  try {
    await rmdir(path)
  } catch {
    return
  }
  await removeEmptyFolders(dirname(path))
}

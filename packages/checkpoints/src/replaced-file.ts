// What a new file takes over from the one it replaces. Comes in: a path, the handle of the new file.
// Goes out: the path behind symbolic links, the old file's mode and owner. Source: POSIX symlink(7),
// rename(2).

import type { Stats } from 'node:fs'
import { readlink, realpath, stat, type FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Where a file is to be written. */
export interface Place {
  /** The path behind all symbolic links: what is replaced. */
  readonly path: string
  /** The file that stands there, if one does. */
  readonly old: Stats | undefined
}

/**
 * Find the file that a path leads to. The last link may lead to nothing yet: then the file is made where it
 * points.
 * @throws Error if something else than a file is there.
 */
export async function placeOf(path: string): Promise<Place> {
  const old = await stat(path).catch(unlessMissing)
  if (old !== undefined && !old.isFile()) {
    throw new Error(
      `cannot write ${path}: expected a file or nothing there, found ${old.isDirectory() ? 'a folder' : 'a device or socket'}: choose another path`,
    )
  }
  if (old !== undefined) return { path: await realpath(path), old }
  // The system has followed the links by now, so that they cannot run in a circle: they end at a name without
  // a file.
  let at = path
  for (;;) {
    const target = await readlink(at).catch(unlessMissing)
    if (target === undefined) return { path: at, old }
    at = resolve(await realpath(dirname(at)), target)
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

/**
 * Permissions of the new file while it is written: where an old one stands, nobody else may look before it
 * has its mode.
 */
export function modeWhileWritten(old: Stats | undefined): number {
  return old === undefined ? 0o666 : 0o600
}

/** Give the new file the permissions of the old one, and its owner where that is allowed. */
export async function inherit(handle: FileHandle, old: Stats | undefined): Promise<void> {
  if (old === undefined) return
  const own = await handle.stat()
  // Only the superuser may give files away; otherwise the new file is the writer's.
  if (own.uid !== old.uid || own.gid !== old.gid) await handle.chown(old.uid, old.gid).catch(() => undefined)
  // After the owner, whose change clears some bits.
  if (((own.mode ^ old.mode) & 0o7777) !== 0) await handle.chmod(old.mode & 0o7777)
}

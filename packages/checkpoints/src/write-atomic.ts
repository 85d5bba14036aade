// Writing a file so that it is there whole or not at all. Comes in: a path and its content. Goes out: the
// file, written beside its place, flushed to the disk, then renamed.

import { unlinkSync } from 'node:fs'
import { open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { inherit, modeWhileWritten, placeOf } from './replaced-file.js'
import { removeAbandoned, temporaryBeside } from './temporary-name.js'

/** What a file is made of: text (UTF-8), bytes, or a sequence of either, taken piece by piece. */
export type Content = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

// One write call takes at most 2 GiB on every platform; smaller pieces also keep the event loop alive.
const PIECE = 16 * 2 ** 20

const adviceByCode: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space or choose another folder',
  EDQUOT: 'the disk quota is used up: free some space or choose another folder',
  EFBIG: 'the file is larger than the system allows: raise the limit (ulimit -f) or choose another folder',
  EACCES: 'the folder is not writable: change its permissions or choose another folder',
  EPERM: 'the folder is not writable: change its permissions or choose another folder',
  EROFS: 'the file system is read-only: choose another folder',
  ENOENT: 'the folder does not exist: create it first',
  ENOTDIR: 'a part of the path is a file, not a folder: choose another path',
  ELOOP:
    'the symbolic links of this path lead in a circle, or are too many: remove them or choose another path',
  ENAMETOOLONG: 'the name is too long: choose a shorter one',
  EMFILE: 'too many files are open: close some or raise the limit (ulimit -n)',
  EIO: 'the device failed: check the disk',
}

/** Temporary files being written; an exit in the middle of a write removes them. */
const unfinished = new Set<string>()
let guarded = false

/** Folders that this process has tidied: once is enough for what was left before it started. */
const tidied = new Set<string>()

function guard(): void {
  if (guarded) return
  guarded = true
  process.once('exit', () => {
    for (const path of unfinished) {
      try {
        unlinkSync(path)
      } catch {
        // Gone already, or beyond reach: nothing more can be done while exiting.
      }
    }
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** Tell what went wrong with a path and what to do; errors that no file system made pass unchanged. */
function explained(path: string, error: unknown): unknown {
  const code = codeOf(error)
  const advice = adviceByCode[code]
  return advice === undefined
    ? error
    : new Error(`cannot write ${path}: ${advice} (${code})`, { cause: error })
}

async function* pieces(content: Content): AsyncGenerator<Uint8Array> {
  const parts = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
  for await (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
  }
}

async function writeAll(handle: FileHandle, content: Content): Promise<void> {
  for await (const piece of pieces(content)) {
    let at = 0
    while (at < piece.length) {
      const { bytesWritten } = await handle.write(piece, at, piece.length - at)
      at += bytesWritten
    }
  }
}

/** Make the rename itself durable, where folders can be opened and flushed (not on Windows). */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle
  try {
    handle = await open(folder, 'r')
  } catch {
    return
  }
  try {
    await handle.sync()
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR', 'EBADF', 'ENOTSUP'].includes(codeOf(error))) throw error
  } finally {
    await handle.close()
  }
}

async function tidy(folder: string): Promise<void> {
  const place = resolve(folder)
  if (tidied.has(place)) return
  tidied.add(place)
  await removeAbandoned(place)
}

/**
 * Write a file atomically: whoever opens `path` sees the old content or all of the new one, also after a
 * power cut. A failure, an exit or an error thrown by the content itself leaves the old file and no temporary
 * one. Symbolic links are followed: the file they lead to is replaced. The new file has the mode of the old
 * one, and nobody else can read it before. What a killed process left unfinished in the folder is removed
 * with a process's first write there.
 * @param path Of the file; its folder must be there.
 * @param content Text (UTF-8) or bytes, whole or in pieces.
 * @throws Error saying what to do if the disk is full or the folder missing or not writable.
 * @example
 * ```ts
 * import { writeAtomic } from '@lotion/checkpoints'
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'lotion-'))
 * await writeAtomic(join(folder, 'report.html'), '<!doctype html><p>done</p>')
 * ```
 */
export async function writeAtomic(path: string, content: Content): Promise<void> {
  let temporary = ''
  try {
    const { path: target, old } = await placeOf(path)
    const folder = dirname(target)
    await tidy(folder)
    temporary = temporaryBeside(target)
    guard()
    const handle = await open(temporary, 'wx', modeWhileWritten(old))
    unfinished.add(temporary)
    try {
      await writeAll(handle, content)
      await inherit(handle, old)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, target)
    unfinished.delete(temporary)
    await syncFolder(folder)
  } catch (error) {
    if (unfinished.delete(temporary)) await unlink(temporary).catch(() => undefined)
    throw explained(path, error)
  }
}

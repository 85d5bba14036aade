// Standard input as a file, since a run that goes on reads its text again. Comes in: bytes. Goes out: a file
// named by its content, beside the runs. Nothing is held in memory.

import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '@lotion/cli'
import { temporaryBeside } from '@lotion/checkpoints/internal'
import { removeEmptyFolders } from '../run-files/empty-folders.js'
import { tokenFolder } from './text-sources.js'

/** A file of what was read. */
export interface KeptInput {
  readonly path: string
  /**
   * Remove it, its tokens and what was learnt of it, unless it was there before: a run that never began
   * leaves nothing.
   */
  undo(): Promise<void>
}

/**
 * Keep what comes.
 * @param input Bytes in pieces.
 * @param ending Of the file's name, by which its text is read: `.txt` or `.jsonl`.
 * @throws UsageError if nothing comes.
 */
export async function keepInput(input: AsyncIterable<Uint8Array>, ending: string): Promise<KeptInput> {
  const folder = join('runs', '.cache', 'input')
  const encodings = async (): Promise<readonly string[]> =>
    (await readdir(tokenFolder()).catch((): string[] => [])).filter((name) => /^bpe-.*\.json$/.test(name))
  const before = new Set(await encodings())
  await mkdir(folder, { recursive: true })
  const making = temporaryBeside(join(folder, 'input'))
  const hash = createHash('sha256')
  let [bytes, isKept] = [0, false]
  try {
    const file = await open(making, 'wx')
    try {
      for await (const piece of input) {
        hash.update(piece)
        bytes += piece.length
        await file.writeFile(piece)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    if (bytes === 0)
      throw new UsageError(
        'data: expected text on standard input, found none; does the command before the pipe print any?',
      )
    const path = join(folder, `${hash.digest('hex').slice(0, 16)}${ending}`)
    const known = await stat(path).catch(() => undefined)
    // The one that is there keeps its date, by which its tokens are found again.
    if (!known) await rename(making, path)
    isKept = true
    return {
      path,
      undo: async () => {
        if (!known) {
          await rm(path, { force: true })
          const { forgetTokens } = await import('@lotion/text/node')
          await forgetTokens(tokenFolder(), path)
          // An encoding that was learnt meanwhile is of it; one of another process is learnt again.
          for (const name of await encodings())
            if (!before.has(name)) await rm(join(tokenFolder(), name), { force: true })
        }
        for (const empty of [folder, tokenFolder()]) await removeEmptyFolders(empty)
      },
    }
  } finally {
    await rm(making, { force: true })
    if (!isKept) await removeEmptyFolders(folder)
  }
}

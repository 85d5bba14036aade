// Standard input as a file, since a run that goes on reads its text again. Comes in: bytes. Goes out: a file
// named by its content, beside the runs. Nothing is held in memory. Two processes may keep the same at once.

import { createHash } from 'node:crypto'
import { link, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '@lotion/cli'
import { removeAbandoned, temporaryBeside } from '@lotion/checkpoints/internal'
import { removeEmptyFolders } from '../run-files/empty-folders.js'
import { linesOfJson } from './lines-of-json.js'
import { tokenFolder } from './text-sources.js'

/** A file of what was read. */
export interface KeptInput {
  readonly path: string
  /** It stays: a run refers to it. */
  begun(): Promise<void>
  /**
   * Remove it, its tokens and what was learnt of it, unless a run refers to it or another process is about to
   * begin one: a run that never began leaves nothing. The last of several processes removes it.
   */
  undo(): Promise<void>
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/**
 * Keep what comes.
 * @param input Bytes in pieces.
 * @param isLines Whether it is lines of JSON, whatever they look like. By the ending of its name, `.txt` or
 * `.jsonl`, the file is read.
 * @throws UsageError if nothing comes.
 */
export async function keepInput(input: AsyncIterable<Uint8Array>, isLines: boolean): Promise<KeptInput> {
  const folder = join('runs', '.cache', 'input')
  const encodings = async (): Promise<readonly string[]> =>
    (await readdir(tokenFolder()).catch((): string[] => [])).filter((name) => /^bpe-.*\.json$/.test(name))
  const before = new Set(await encodings())
  await mkdir(folder, { recursive: true })
  const making = temporaryBeside(join(folder, 'input'))
  const look = linesOfJson()
  const hash = createHash('sha256')
  let [bytes, isKept] = [0, false]
  try {
    const file = await open(making, 'wx')
    try {
      for await (const piece of input) {
        hash.update(piece)
        look.take(piece)
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
    const ending = isLines || look.found() ? '.jsonl' : '.txt'
    const path = join(folder, `${hash.digest('hex').slice(0, 16)}${ending}`)
    const { begun, leave } = await shared(path, making)
    isKept = true
    return {
      path,
      begun,
      undo: async () => {
        const left = await leave(making)
        if (left !== 'in a run')
          // An encoding that was learnt meanwhile is of it; one of another process is learnt again.
          for (const name of await encodings())
            if (!before.has(name)) await rm(join(tokenFolder(), name), { force: true })
        if (left === 'removed') {
          const { forgetTokens } = await import('@lotion/text/node')
          await forgetTokens(tokenFolder(), path)
        }
        for (const empty of [folder, tokenFolder()]) await removeEmptyFolders(empty)
      },
    }
  } finally {
    await rm(making, { force: true })
    if (!isKept) await removeEmptyFolders(folder)
  }
}

/** A file that several processes use. */
interface SharedFile {
  begun(): Promise<void>
  /** End the use of it. It is removed, by way of a name that is free, where nobody uses it. */
  leave(aside: string): Promise<'in a run' | 'used by others' | 'removed'>
}

/**
 * Put a file where it is kept, unless it is there. Beside it lie a file for each process that is about to
 * begin a run, whose name tells whether the process lives, and one that says that no run refers to it yet.
 */
async function shared(path: string, made: string): Promise<SharedFile> {
  const use = temporaryBeside(path)
  const unused = `${path}.unused`
  const uses = `.${basename(path)}.lotion-`
  const isUsed = async (): Promise<boolean> =>
    (await readdir(dirname(path))).some((name) => name.startsWith(uses))
  // Said before one looks: who removes it looks again after it was taken away.
  await writeFile(use, '')
  // The one that is there keeps its date, by which its tokens are found again.
  if (!(await isThere(path))) {
    await writeFile(unused, '')
    await put(made, path)
  }
  const end = (): Promise<void> => rm(use, { force: true })
  return {
    begun: async () => {
      await rm(unused, { force: true })
      await end()
    },
    leave: async (aside) => {
      await end()
      if (!(await isThere(unused))) return 'in a run'
      await removeAbandoned(dirname(path))
      if (await isUsed()) return 'used by others'
      try {
        await rename(path, aside)
      } catch {
        // Another process that left removes it.
        return 'removed'
      }
      const isWanted = await isUsed()
      if (isWanted) await put(aside, path)
      else await rm(unused, { force: true })
      await rm(aside, { force: true })
      return isWanted ? 'used by others' : 'removed'
    },
  }
}

/** Give a file a name, unless another file has it. */
async function put(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    // A file system without links.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rename(from, to)
  }
}

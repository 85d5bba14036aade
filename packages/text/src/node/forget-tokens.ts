// Tokens that are of no use any more. Comes in: a folder for tokens, a file. Goes out: the folder without the
// tokens of that file.

import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { shardFiles, type ShardIndex } from './shard.js'

/**
 * Remove the tokens that `openText` keeps of one file alone, whatever the tokenizer; those of several files
 * together stay.
 * @param cache The folder for tokens. Nothing happens where it is not there.
 * @param path The file, as its source was given.
 * @example
 * ```ts
 * import { forgetTokens } from '@lotion/text/node'
 *
 * await forgetTokens('cache', 'notes.txt')
 * ```
 */
export async function forgetTokens(cache: string, path: string): Promise<void> {
  for (const name of await readdir(cache).catch((): string[] => [])) {
    const folder = join(cache, name)
    const text = await readFile(join(folder, shardFiles.index), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const { files } = JSON.parse(text) as ShardIndex
    if (files.every((file) => file.path === path)) await rm(folder, { recursive: true, force: true })
  }
}

// Tokenizing once. Comes in: files, a tokenizer and a folder for what is kept. Goes out: the folder of a
// shard, found there or made. It is made under another name and renamed when whole: two processes may make
// the same, and what was interrupted is never taken for finished.

import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Tokenizer } from '../tokenizer.js'
import { fileBytes, fileDocuments } from './file-documents.js'
import { shardFiles, type ShardIndex } from './shard.js'
import { STANDARD_INPUT, type SourceFile } from './source-files.js'

/** How far the reading is. */
export interface TextProgress {
  /** Bytes read of all sources so far. */
  readonly bytes: number
  /** Bytes in all; unknown for standard input. */
  readonly total: number | undefined
}

/** What is tokenized. */
export interface ShardOptions {
  readonly files: readonly SourceFile[]
  readonly field?: string | undefined
  readonly tokenizer: Tokenizer
  readonly cache: string
  /** What standard input gives. */
  readonly input: AsyncIterable<Uint8Array>
  /** Told after each piece of a file. */
  onBytes(bytes: number): void
  /** Aborts between two pieces. */
  readonly signal?: { throwIfAborted(): void } | undefined
}

const sha = (parts: unknown): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)

/** Give the folder of the shard of these files, making it where it is not there; and whether it was made. */
export async function buildShard(
  options: ShardOptions,
): Promise<{ readonly folder: string; readonly made: boolean }> {
  const { files, field, tokenizer, cache } = options
  if (tokenizer.identity === undefined)
    throw new RangeError(
      `tokenizer '${tokenizer.name}': expected an identity, under which its tokens are kept, found none`,
    )
  const identity = [3, tokenizer.identity, tokenizer.bos, tokenizer.eos, field]
  const isInput = files.some(({ path }) => path === STANDARD_INPUT)
  const known = join(cache, sha([identity, files]))
  if (!isInput && existsSync(join(known, shardFiles.index))) return { folder: known, made: false }
  const making = join(cache, `making-${process.pid}-${randomUUID()}`)
  await mkdir(making, { recursive: true })
  try {
    const index = await write(making, options)
    // Standard input has no date: what it was tells whether it is the same.
    const folder = isInput ? join(cache, sha([identity, index.content])) : known
    let made = true
    await rename(making, folder).catch((error: unknown) => {
      // Another process was quicker: its shard is of the same text.
      if (!existsSync(join(folder, shardFiles.index))) throw error
      made = false
    })
    return { folder, made }
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

async function write(folder: string, options: ShardOptions): Promise<ShardIndex> {
  const { files, field, tokenizer, input, onBytes, signal } = options
  const width = tokenizer.vocabulary <= 2 ** 16 ? 2 : 4
  const content = createHash('sha256')
  const tokens = await open(join(folder, shardFiles.tokens), 'w')
  const counts = await open(join(folder, shardFiles.counts), 'w')
  const bounds = [0]
  let length = 0
  let conversations = 0
  let unmarked: string | undefined
  try {
    for (const { path } of files) {
      const bytes = counted(path === STANDARD_INPUT ? input : fileBytes(path), (piece) => {
        content.update(piece)
        onBytes(piece.length)
      })
      for await (const piece of fileDocuments({ path, bytes, tokenizer, field })) {
        const ids = width === 2 ? Uint16Array.from(piece.ids) : Uint32Array.from(piece.ids)
        await tokens.writeFile(new Uint8Array(ids.buffer))
        await counts.writeFile(piece.counts ?? new Uint8Array(ids.length).fill(1))
        length += ids.length
        if (piece.last && length > bounds.at(-1)!) {
          bounds.push(length)
          if (piece.counts) conversations++
          unmarked ??= piece.unmarked
        }
        signal?.throwIfAborted()
        await setImmediate()
      }
    }
    await Promise.all([tokens.sync(), counts.sync()])
  } finally {
    await Promise.all([tokens.close(), counts.close()])
  }
  await writeFile(join(folder, shardFiles.bounds), new Uint8Array(Float64Array.from(bounds).buffer), {
    flush: true,
  })
  const index: ShardIndex = {
    version: 2,
    tokenizer: tokenizer.identity ?? '',
    vocabulary: tokenizer.vocabulary,
    width,
    tokens: length,
    documents: bounds.length - 1,
    conversations,
    ...(unmarked === undefined ? {} : { unmarked }),
    content: content.digest('hex'),
    files,
  }
  // Last: a folder without it is not finished, whatever happens to the others.
  await writeFile(join(folder, shardFiles.index), JSON.stringify(index), { flush: true })
  return index
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  note: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    note(piece)
    yield piece
  }
}

// A shard: tokens in a folder, read in parts. Comes in: a folder that build-shard.ts wrote. Goes out: a
// stream of its tokens and its documents. Nothing but the documents' bounds is in memory.

import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { TokenDocument } from '../batches/packed-batches.js'
import type { TokenStream } from '../batches/token-stream.js'

/** Names of the files of a shard. */
export const shardFiles = {
  tokens: 'tokens.bin',
  counts: 'counts.bin',
  bounds: 'bounds.bin',
  index: 'index.json',
}

/** What is said of a shard beside its tokens. */
export interface ShardIndex {
  readonly version: 2
  /** Of the tokenizer. */
  readonly tokenizer: string
  readonly vocabulary: number
  /** Bytes of an id: 2 or 4. */
  readonly width: 2 | 4
  readonly tokens: number
  readonly documents: number
  /** Those of them that are messages: what counts in them is what the assistant wrote. */
  readonly conversations: number
  /** Of messages of which it cannot be told what the assistant wrote: why, of the first. */
  readonly unmarked?: string
  /** SHA-256 of all that was read. */
  readonly content: string
  /** Files in order, with what tells whether they changed. */
  readonly files: readonly { readonly path: string; readonly size: number; readonly modified: number }[]
}

/** An opened shard. */
export interface Shard extends TokenStream {
  readonly index: ShardIndex
  /** Where document i begins; one more entry than documents. */
  readonly bounds: Float64Array
  /** Read tokens with which of them count. */
  part(from: number, to: number): TokenDocument
  /** Tell which tokens count. */
  counts(from: number, to: number): Uint8Array
  close(): void
}

/** Open a finished shard. */
export function openShard(folder: string): Shard {
  const index = JSON.parse(readFileSync(join(folder, shardFiles.index), 'utf8')) as ShardIndex
  const boundBytes = readFileSync(join(folder, shardFiles.bounds))
  const bounds = new Float64Array(
    boundBytes.buffer.slice(boundBytes.byteOffset, boundBytes.byteOffset + boundBytes.length),
  )
  const [tokens, counts] = [shardFiles.tokens, shardFiles.counts].map((name) =>
    openSync(join(folder, name), 'r'),
  )
  const bytesOf = (file: number, from: number, to: number): Uint8Array => {
    const bytes = new Uint8Array(to - from)
    for (let at = 0; at < bytes.length;) {
      const got = readSync(file, bytes, at, bytes.length - at, from + at)
      if (got === 0)
        throw new RangeError(`${folder}: expected ${to} bytes, found ${from + at}: remove the folder`)
      at += got
    }
    return bytes
  }
  const read = (from: number, to: number): Int32Array => {
    const { buffer } = bytesOf(tokens!, from * index.width, to * index.width)
    return Int32Array.from(index.width === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer))
  }
  return {
    index,
    bounds,
    length: index.tokens,
    read,
    counts: (from, to) => bytesOf(counts!, from, to),
    part: (from, to) => ({ ids: read(from, to), counts: bytesOf(counts!, from, to) }),
    close: () => [tokens!, counts!].forEach(closeSync),
  }
}

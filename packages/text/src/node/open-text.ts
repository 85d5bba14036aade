// Text of one's own, ready to train on. Comes in: sources, a tokenizer, a folder for what is kept. Goes out:
// tokens to learn from and to be judged by, read in parts.

import { rm } from 'node:fs/promises'
import type { WeightedTokens } from '../batches/token-batches.js'
import type { Tokenizer } from '../tokenizer.js'
import { buildShard, type TextProgress } from './build-shard.js'
import { splitShard, type SplitText } from './document-split.js'
import { openShard } from './shard.js'
import { sourceFiles, STANDARD_INPUT } from './source-files.js'

/** Where text comes from. */
export interface TextSource {
  /** A file, a folder, a pattern such as `notes/*.md`, or `-` for standard input. */
  readonly path: string
  /** The field of lines of .jsonl. Default `text`, or `messages` where a line has these alone. */
  readonly field?: string
  /** How often it is drawn from, relative to others. Default the number of its tokens, of all sources. */
  readonly weight?: number
}

/** What is opened. */
export interface OpenTextOptions {
  /** At least one. */
  readonly sources: readonly TextSource[]
  /** With an `identity`. */
  readonly tokenizer: Tokenizer
  /** A folder for tokens, made where it is not there. */
  readonly cache: string
  /** The share of documents that is held back. Default 0.1. */
  readonly validation?: number
  /** Of the split. Default 0. */
  readonly seed?: number
  /** Told while text is tokenized; never where all is kept already. */
  readonly onProgress?: (progress: TextProgress) => void
  /** Ends the reading between two pieces. */
  readonly signal?: AbortSignal
  /** In place of the process's standard input. */
  readonly input?: AsyncIterable<Uint8Array>
}

/** One source as tokens. */
export interface OpenSource extends SplitText {
  /** As it was given. */
  readonly path: string
  /** As it was given, or the number of its tokens. */
  readonly weight: number
  /** How many there are in it. */
  readonly documents: number
  /** Those of them that are messages of which it is known what the assistant wrote. */
  readonly conversations: number
  /** Of messages of which that cannot be told: why, of the first of them. */
  readonly unmarked?: string
}

/** Text as tokens. */
export interface OpenText {
  /** Each source, split. */
  readonly sources: readonly OpenSource[]
  /** For `tokenBatches`. */
  readonly training: readonly WeightedTokens[]
  /** Documents of all sources. */
  readonly documents: number
  /** Tokens of all sources. */
  readonly tokens: number
  /** Close its files. */
  close(): void
  /** Close its files, and remove those that were made for it: the text is of no use. */
  forget(): Promise<void>
}

/**
 * Open text: it is tokenized once, and read from `cache` as long as files and tokenizer are the same.
 * @param options Sources, tokenizer, where tokens are kept, and how text is split.
 * @throws RangeError naming the source, the line or the byte that is wrong, and what was expected; or if some
 * sources have a weight and others none.
 * @example
 * ```ts
 * import { byteTokenizer, tokenBatches } from '@lotion/text'
 * import { openText } from '@lotion/text/node'
 * import { mkdtemp, writeFile } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'lotion-'))
 * await writeFile(join(folder, 'notes.txt'), 'fellow citizens of the senate\n'.repeat(20))
 * const text = await openText({
 *   sources: [{ path: join(folder, 'notes.txt') }],
 *   tokenizer: byteTokenizer(),
 *   cache: join(folder, 'cache'),
 * })
 * console.log(text.tokens) // 600
 * console.log(tokenBatches({ tokens: text.training, batch: 2, context: 16, seed: 1 })(0).x!.shape) // [2, 16]
 * text.close()
 * ```
 */
export async function openText(options: OpenTextOptions): Promise<OpenText> {
  const { sources, tokenizer, cache, validation = 0.1, seed = 0, onProgress, signal } = options
  if (sources.length === 0) throw new RangeError('sources: expected at least one, found none')
  if (!(validation > 0 && validation < 1))
    throw new RangeError(`validation: expected a number between 0 and 1, found ${validation}`)
  refuseSomeWeights(sources)
  const listed = await Promise.all(
    sources.map(async (source) => ({
      source,
      files:
        source.path === STANDARD_INPUT
          ? [{ path: '-', size: 0, modified: 0 }]
          : await sourceFiles(source.path),
    })),
  )
  const isKnown = sources.every(({ path }) => path !== STANDARD_INPUT)
  const all = listed.flatMap(({ files }) => files).reduce((sum, { size }) => sum + size, 0)
  let bytes = 0
  const shards: ReturnType<typeof openShard>[] = []
  const fresh: string[] = []
  const close = (): void => shards.forEach((shard) => shard.close())
  const forget = async (): Promise<void> => {
    close()
    for (const folder of fresh) await rm(folder, { recursive: true, force: true })
  }
  try {
    const opened: OpenSource[] = []
    for (const { source, files } of listed) {
      const { folder, made } = await buildShard({
        files,
        field: source.field,
        tokenizer,
        cache,
        input: options.input ?? process.stdin,
        signal,
        onBytes(more) {
          bytes += more
          onProgress?.({ bytes, total: isKnown ? all : undefined })
        },
      })
      if (made) fresh.push(folder)
      const shard = openShard(folder)
      shards.push(shard)
      if (shard.length < 2)
        throw new RangeError(
          `${source.path}: expected text, found ${shard.length === 0 ? 'none' : 'one token of it'}; give more text`,
        )
      const { path, weight = shard.length } = source
      const { documents, conversations, unmarked } = shard.index
      const known = { documents, conversations, ...(unmarked === undefined ? {} : { unmarked }) }
      opened.push({ ...splitShard(shard, validation, seed), path, weight, ...known })
    }
    return {
      sources: opened,
      training: opened.map(({ training, weight }) => ({ tokens: training.tokens, weight })),
      documents: shards.reduce((sum, { index }) => sum + index.documents, 0),
      tokens: shards.reduce((sum, { length }) => sum + length, 0),
      close,
      forget,
    }
  } catch (error) {
    await forget()
    throw error
  }
}

/** A weight beside the number of another's tokens would mean almost never. @throws RangeError */
function refuseSomeWeights(sources: readonly TextSource[]): void {
  const without = sources.find(({ weight }) => weight === undefined)
  const weighed = sources.find(({ weight }) => weight !== undefined)
  if (without && weighed)
    throw new RangeError(
      `weight: expected one for every source or for none, found ${weighed.weight} for ${weighed.path} and none for ${without.path}; ` +
        'give each how often it is drawn from, such as 2 and 1',
    )
}

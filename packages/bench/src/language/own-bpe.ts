// A byte-pair encoding of the run's own text. Comes in: `bpe` or `bpe:1024`, text to learn from. Goes out: a
// tokenizer, the same for the same text. Nothing that is held back is read.
// Source: docs/design/17-text.md.

import { createHash } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomic } from '@lotion/checkpoints'
import { byteTokenizer, tokenizerFromJson, trainBpe, type Tokenizer, type Tokens } from '@lotion/text'
import { openText, type TextSource } from '@lotion/text/node'
import { loadSpeeches, splitBySpeech } from '../data/speeches.js'
import { removeEmptyFolders } from '../run-files/empty-folders.js'
import { filesPrint } from '../run-files/files-print.js'

/** Ids where no number is given: words that are frequent in a book have one of their own. */
const USUAL_VOCABULARY = 1024

/** Ids at most: more suit texts that have a published encoding. */
const MOST_VOCABULARY = 65_536

/** Bytes that an encoding is learnt of at most: beyond it hardly a pair changes. */
const MOST_BYTES = 64 * 2 ** 20

/** Bytes that are read at once. */
const PIECE = 2 ** 20

/** Ends a document. */
const END = '<|endoftext|>'

/** The number of ids that a word asks for; nothing for another word. @throws RangeError for other numbers. */
export function vocabularyOfWord(word: string | undefined): number | undefined {
  const [, digits] = /^bpe(?::(.*))?$/.exec(word ?? '') ?? [undefined, undefined]
  if (word !== 'bpe' && digits === undefined) return undefined
  const vocabulary = digits === undefined ? USUAL_VOCABULARY : Number(digits === '' ? NaN : digits)
  if (Number.isInteger(vocabulary) && vocabulary >= 257 && vocabulary <= MOST_VOCABULARY) return vocabulary
  throw new RangeError(
    `tokenizer: expected bpe:<ids> with a whole number from 257 (bytes and an end) to ${MOST_VOCABULARY}, such as bpe:${USUAL_VOCABULARY}, found '${word}'`,
  )
}

/** What an encoding is learnt of. */
export interface BpeText {
  /** Own text; nothing for the bundled speeches. */
  readonly sources?: readonly TextSource[]
  /** Its files. */
  readonly files: readonly string[]
  /** A folder that keeps what was learnt. */
  readonly cache: string
}

/** Learn an encoding, or take the one that was learnt of the same files. */
export async function ownBpe(vocabulary: number, text: BpeText): Promise<Tokenizer> {
  const { sources, cache } = text
  const path = await placeOf(vocabulary, text)
  const kept = await readFile(path, 'utf8').then(
    (found) => JSON.parse(found) as unknown,
    () => undefined,
  )
  const json = kept ?? (await trainBpe(sources ? ownTexts(text) : speeches(), { vocabulary }))
  if (kept === undefined) {
    await mkdir(cache, { recursive: true })
    await writeAtomic(path, JSON.stringify(json))
  }
  const config = { tokenizer_class: 'PreTrainedTokenizerFast', eos_token: END }
  return Object.freeze({ ...tokenizerFromJson(json, config), name: `bpe:${vocabulary}` })
}

/** Remove an encoding that was learnt: the text is of no use. */
export const forgetBpe = async (vocabulary: number, text: BpeText): Promise<void> =>
  rm(await placeOf(vocabulary, text), { force: true })

/** Where an encoding is kept. */
async function placeOf(vocabulary: number, { sources, files, cache }: BpeText): Promise<string> {
  const print = sources ? [sources.map(({ field }) => field ?? null), await filesPrint(files)] : 'speeches'
  const key = createHash('sha256')
    .update(JSON.stringify([1, vocabulary, print]))
    .digest('hex')
    .slice(0, 16)
  return join(cache, `bpe-${key}.json`)
}

async function* speeches(): AsyncGenerator<string> {
  for (const { text } of splitBySpeech(await loadSpeeches(), { seed: 0 }).training) yield text
}

/** What is trained on, as text: it is split as its tokens will be, by document. */
async function* ownTexts({ sources = [], cache }: BpeText): AsyncGenerator<string> {
  const text = await openText({ sources, tokenizer: byteTokenizer(), cache }).catch(
    async (error: unknown) => {
      await removeEmptyFolders(cache)
      throw error
    },
  )
  try {
    const all = text.training.reduce((sum, { tokens }) => sum + tokens.length, 0)
    for (const { tokens } of text.training)
      yield* textsOf(tokens, Math.ceil(tokens.length * Math.min(1, MOST_BYTES / all)))
  } finally {
    await text.forget()
  }
}

/** The first bytes of a stream as text, cut at line breaks. */
function* textsOf(tokens: Tokens, length: number): Generator<string> {
  const utf8 = new TextDecoder()
  let rest = ''
  for (let from = 0; from < length; from += PIECE) {
    const to = Math.min(length, from + PIECE)
    const ids = tokens instanceof Int32Array ? tokens.subarray(from, to) : tokens.read(from, to)
    rest += utf8.decode(Uint8Array.from(ids), { stream: to < length })
    const cut = to < length ? rest.lastIndexOf('\n') + 1 : rest.length
    yield rest.slice(0, cut)
    rest = rest.slice(cut)
  }
}

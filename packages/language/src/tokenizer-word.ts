// The tokenizer that a word names. Comes in: bytes, an encoding, a path. Goes out: a tokenizer.

import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CausalModel } from '@lotion/models'
import { bpeEncodings, bpeTokenizer, byteTokenizer, tokenizerFromJson, type Tokenizer } from '@lotion/text'
import { parsed } from './json-in.js'
import { tokenizerConfigIn } from './tokenizer-config.js'

/** The tokenizer that needs no file: bytes, or a published encoding; nothing for another word. */
export const builtInTokenizer = async (word: string): Promise<Tokenizer | undefined> => {
  if (word === 'bytes') return byteTokenizer()
  const encoding = bpeEncodings.find((name) => name === word)
  return encoding && bpeTokenizer(encoding)
}

/**
 * Find the tokenizer of a word: `bytes`, an encoding, or the path of a tokenizer.json; one that is made is
 * taken as it is.
 * @throws RangeError listing what there is.
 */
export async function tokenizerOf(word: string | Tokenizer): Promise<Tokenizer> {
  if (typeof word !== 'string') return word
  const builtIn = await builtInTokenizer(word)
  if (builtIn) return builtIn
  const isFile = await stat(word).then(
    (info) => info.isFile(),
    () => false,
  )
  if (!isFile)
    throw new RangeError(
      `tokenizer: expected bytes, ${bpeEncodings.join(', ')}, or the path of a tokenizer.json, found '${word}'`,
    )
  // What lies beside it says which tokens begin and end a text, and has the chat template.
  const config = await tokenizerConfigIn(dirname(word))
  return tokenizerFromJson(parsed(word, await readFile(word, 'utf8')), config)
}

/** The tokenizer's end of a document, and more that are ids of it. */
export function endsOf({ eos, vocabulary }: Tokenizer, ...more: readonly unknown[]): readonly number[] {
  const ids = [eos, ...more.flat()].filter(
    (id): id is number => Number.isInteger(id) && Number(id) >= 0 && Number(id) < vocabulary,
  )
  return Object.freeze([...new Set(ids)])
}

/** Refuse a tokenizer of more ids than the model has rows; fewer are padded. @throws RangeError */
export function refuseOtherVocabulary(tokenizer: Tokenizer, { config }: CausalModel, path: string): void {
  if (tokenizer.vocabulary <= config.vocabulary) return
  throw new RangeError(
    `tokenizer: expected at most the ${config.vocabulary} ids of ${path}, found ${tokenizer.vocabulary} of ${tokenizer.name}; take the checkpoint's own`,
  )
}

/** What is said where the tokenizer is not the one that the checkpoint was trained with. */
export const otherTokenizer = (path: string, { name }: Tokenizer): string =>
  `tokenizer: ${name} is not the one that ${path} was trained with, whose ids mean other texts`

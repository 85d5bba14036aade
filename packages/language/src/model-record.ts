// What a file of weights says of its model and its tokenizer, so that nobody has to say it again. Comes in: a
// tokenizer. Goes out: metadata of the file, and small files to lie beside it; and the way back.
// Source: docs/design/18-language.md.

import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { gpt2, llama, type CausalModel, type Gpt2Options, type LlamaOptions } from '@lotion/models'
import { bpeEncodings, byteTokenizer, tokenizerFromJson, type Tokenizer } from '@lotion/text'
import { z } from 'zod'
import { jsonIn } from './json-in.js'
import {
  builtInTokenizer,
  endsOf,
  otherTokenizer,
  refuseOtherVocabulary,
  tokenizerOf,
} from './tokenizer-word.js'

/** Where metadata say which tokenizer the weights were trained with. */
export const TOKENIZER = 'lotion.tokenizer'
/** Files beside the weights that make a tokenizer. */
const JSON_FILE = 'tokenizer.json'
const CONFIG_FILE = 'tokenizer_config.json'

const schema = z.object({
  /** `bytes`, the name of a published encoding, or of the file beside the weights. */
  tokenizer: z.string(),
  /** Of the two files beside the weights, one after the other. */
  sha256: z.string().optional(),
  /** Ids that end a text. */
  ends: z.array(z.int().min(0)),
})

/** What belongs to weights. */
export interface ModelRecord {
  /** For the metadata of their file. */
  readonly metadata: Readonly<Record<string, string>>
  /** Files for its folder, by name. */
  readonly files: Readonly<Record<string, string>>
}

/**
 * Record a tokenizer: bytes and published encodings by name; any other is copied, with its hash in the
 * metadata.
 * @param tokenizer That of the model.
 * @param ends Ids that end a text.
 * @throws RangeError for a tokenizer that none of these make.
 */
export function tokenizerRecord(tokenizer: Tokenizer, ends: readonly number[]): ModelRecord {
  const { files, ...found } = namesOf(tokenizer)
  return { metadata: { [TOKENIZER]: JSON.stringify({ ...found, ends }) }, files }
}

/** What a tokenizer is found by, and the files that it is found in. */
function namesOf({ name, identity, files }: Tokenizer): Omit<z.infer<typeof schema>, 'ends'> & {
  readonly files: ModelRecord['files']
} {
  if (files !== undefined) {
    const texts = fileTexts(files.json, files.config)
    const [json, config] = texts
    return {
      tokenizer: JSON_FILE,
      sha256: hashOf(texts),
      files: { [JSON_FILE]: json, [CONFIG_FILE]: config },
    }
  }
  if (identity === byteTokenizer().identity) return { tokenizer: 'bytes', files: {} }
  if (bpeEncodings.some((known) => known === identity)) return { tokenizer: name, files: {} }
  throw new RangeError(
    `tokenizer: expected bytes, a published encoding or one of a tokenizer.json, found '${name}'; its ids could not be read back`,
  )
}

/** What the two files hold; their hash is of these texts. */
const fileTexts = (...values: readonly [json: unknown, config: unknown]): readonly [string, string] => [
  `${JSON.stringify(values[0])}\n`,
  `${JSON.stringify(values[1])}\n`,
]

function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text)
  return hash.digest('hex')
}

/** A model and a tokenizer that a file names. */
export interface RecordedModel {
  /** What of a wish does not suit the file. */
  readonly warnings: readonly string[]
  readonly model: CausalModel
  readonly tokenizer: Tokenizer
  readonly ends: readonly number[]
}

/**
 * Make the model and the tokenizer of a file's metadata. Files of a tokenizer are looked for beside the file
 * and in the folder above.
 * @param file A path, and the metadata there.
 * @param wish Another tokenizer: `bytes`, an encoding, the path of a tokenizer.json; a shorter context.
 * @throws RangeError naming the file, what was expected and what was found.
 */
export async function recordedModel(
  { path, metadata }: { readonly path: string; readonly metadata: Readonly<Record<string, string>> },
  { tokenizer: word, context }: { readonly tokenizer?: string; readonly context?: number } = {},
): Promise<RecordedModel> {
  const model = modelOf(path, metadata['model'], context)
  const record = recordOf(path, metadata)
  if (word === undefined && record === undefined)
    throw new RangeError(
      `${path}: expected metadata '${TOKENIZER}', as lotion train writes it, found none; name the tokenizer that the model was trained with: --tokenizer <name>`,
    )
  const tokenizer = word === undefined ? await tokenizerOfRecord(path, record!) : await tokenizerOf(word)
  refuseOtherVocabulary(tokenizer, model, path)
  const isOwn = record !== undefined && isOf(record, tokenizer)
  return {
    model,
    tokenizer,
    ends: isOwn ? record.ends : endsOf(tokenizer),
    warnings: record === undefined || isOwn ? [] : [otherTokenizer(path, tokenizer)],
  }
}

/** Whether a tokenizer is the recorded one: ids that end a text of another are something else in this one. */
function isOf(record: z.infer<typeof schema>, tokenizer: Tokenizer): boolean {
  const names = namesOf(tokenizer)
  return names.tokenizer === record.tokenizer && names.sha256 === record.sha256
}

function modelOf(path: string, text: string | undefined, context: number | undefined): CausalModel {
  let found: Readonly<Record<string, unknown>>
  try {
    found = z.looseObject({ type: z.string() }).parse(JSON.parse(text ?? ''))
  } catch {
    throw new RangeError(
      `${path}: expected metadata 'model', as lotion train writes it, found ${text === undefined ? 'none' : 'something else'}; ` +
        'of another checkpoint name the folder, with its config.json',
    )
  }
  const { type, ...rest } = found
  const longest = rest['context']
  if (context !== undefined && !(context <= Number(longest)))
    throw new RangeError(
      `context: expected at most ${String(longest)}, which ${path} was trained with, found ${context}`,
    )
  const options: unknown = context === undefined ? rest : { ...rest, context }
  try {
    if (type === 'llama') return llama(options as LlamaOptions)
    if (type === 'gpt2') return gpt2(options as Gpt2Options)
  } catch (error) {
    throw new RangeError(
      `${path}: metadata 'model': ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  }
  throw new RangeError(`${path}: expected a language model (llama, gpt2), found one of '${String(type)}'`)
}

function recordOf(
  path: string,
  metadata: Readonly<Record<string, string>>,
): z.infer<typeof schema> | undefined {
  const text = metadata[TOKENIZER]
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new RangeError(
      `${path}: metadata '${TOKENIZER}': expected what lotion train writes, found other text`,
    )
  }
}

async function tokenizerOfRecord(
  path: string,
  { tokenizer, sha256 }: z.infer<typeof schema>,
): Promise<Tokenizer> {
  const builtIn = await builtInTokenizer(tokenizer)
  if (builtIn) return builtIn
  const folders = [dirname(path), dirname(dirname(path))]
  let other = false
  for (const folder of folders) {
    const json = await jsonIn(folder, JSON_FILE)
    if (json === undefined) continue
    const config = await jsonIn(folder, CONFIG_FILE)
    if (hashOf(fileTexts(json, config)) === sha256) return tokenizerFromJson(json, config)
    other = true
  }
  throw new RangeError(
    `${path}: expected the tokenizer that it was trained with (${JSON_FILE} and ${CONFIG_FILE}, sha256 ${sha256?.slice(0, 12)}…) in ${folders[0]}, ` +
      `found ${other ? `another ${JSON_FILE}` : 'none'}; copy them from the run's folder, or name one: --tokenizer ${join('…', JSON_FILE)}`,
  )
}

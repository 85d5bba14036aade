// Ids of awkward texts in llama.cpp, for every split that GGUF has a name for: bytes, published encodings,
// learnt vocabularies. 1,500 of them, and larger vocabularies, with the extended tests.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ggufTarget } from '@lotion/export'
import { llama } from '@lotion/models'
import { amount, manyTexts } from '@lotion/test-kit'
import { bpeTokenizer, byteTokenizer, tokenizerFromGguf, trainBpe, type Tokenizer } from '@lotion/text'
import { expect, test } from 'vitest'
import { inLlamaCpp, missing } from '../../test/in-llama-cpp.js'
import { folder, run } from '../../test/small-models.js'
import { openExport } from '../open-export.js'

const texts = manyTexts(amount(300, 1500))
const { model: learnt } = await trainBpe(texts, { vocabulary: 800 })

/** The learnt vocabulary with the split of a name. */
const split = (pre: string) => (): Tokenizer => {
  const tokens = Object.keys(learnt.vocab).toSorted((a, b) => learnt.vocab[a]! - learnt.vocab[b]!)
  return tokenizerFromGguf({
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': pre,
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.token_type': tokens.map((_, id) => (id === 0 ? 3 : 1)),
    'tokenizer.ggml.merges': learnt.merges.map((pair) => pair.join(' ')),
    'tokenizer.ggml.eos_token_id': 0,
  })
}

const made: readonly (readonly [string, () => Tokenizer | Promise<Tokenizer>])[] = [
  ['bytes', byteTokenizer],
  ...['gpt-2', 'smollm', 'llama-bpe', 'qwen2'].map((pre) => [pre, split(pre)] as const),
  ...(['r50k_base', 'p50k_base', 'cl100k_base'] as const)
    .slice(0, amount(1, 3))
    .map((name) => [name, () => bpeTokenizer(name)] as const),
]

test.skipIf(missing).each(made)('%s', async (name, make) => {
  const tokenizer = await make()
  const { vocabulary } = tokenizer
  const model = llama({ vocabulary, dimension: 32, hidden: 32, layers: 1, heads: 1, context: 32, tied: true })
  const opened = await openExport(await run(`texts-${name}`, tokenizer, model))
  const [file] = await ggufTarget.files(opened)
  const path = join(await folder, `texts-${name}.gguf`)
  await writeFile(path, file!.pieces())
  await opened.close()
  // llama.cpp does not normalize, as Qwen's files ask for.
  const given = name === 'qwen2' ? texts.map((text) => text.normalize('NFC')) : texts
  const [told] = inLlamaCpp([{ path, texts: given }])
  const differ = given.flatMap((text, i) => {
    const [ours, theirs] = [Array.from(tokenizer.encode(text)), told!.tokens[i]!]
    return ours.join() === theirs.join() ? [] : [{ text, ours, theirs }]
  })
  expect(differ.slice(0, 3)).toEqual([])
  expect(told!.tokens).toHaveLength(texts.length)
})

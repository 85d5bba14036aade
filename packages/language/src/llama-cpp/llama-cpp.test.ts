// Exported files in llama.cpp: the logits of our engine, the ids of our tokenizer.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { normals } from '@lotion/core'
import { ggufTarget } from '@lotion/export'
import { ggufMxfp4, q4_0, q4_0Full, q8_0 } from '@lotion/formats'
import { llama, type CausalModel } from '@lotion/models'
import { byteTokenizer, tokenizerFromJson } from '@lotion/text'
import { beforeAll, describe, expect, test } from 'vitest'
import { inLlamaCpp, inLotion, missing, type Told } from '../../test/in-llama-cpp.js'
import { extents, models } from '../../test/llama-cpp-models.js'
import { config, folder, run, stored, TEXT, tokenizerJson } from '../../test/small-models.js'
import { openExport, type ExportWish } from '../open-export.js'

const windows = [
  Array.from({ length: 40 }, (_, i) => (37 * i + 11) % 300),
  Array.from({ length: 7 }, (_, i) => (91 * i + 200) % 300),
]

/** Random weights, biases and gains too. */
function weightsOf(model: CausalModel) {
  const tensors = stored(model, 5)
  for (const [name, { data, shape }] of Object.entries(tensors))
    if (shape.length === 1)
      normals({ seed: 3, stream: name }, data.length).forEach((z, i) => (data[i]! += 0.1 * z))
  return tensors
}

/** The file of a run. */
async function exported(title: string, model: CausalModel, wish: ExportWish = {}): Promise<string> {
  const name = title.replaceAll(/\W+/g, '-')
  const tokenizer = tokenizerFromJson(await tokenizerJson, config)
  const opened = await openExport(await run(name, tokenizer, model, weightsOf(model)), wish)
  const path = join(await folder, `${name}-${wish.format?.name ?? 'f32'}.gguf`)
  const [file] = await ggufTarget.files(opened)
  await writeFile(path, file!.pieces())
  await opened.close()
  return path
}

/** The largest distance, and the root of its mean square; of the logits themselves too. */
function distances(ours: readonly (readonly ArrayLike<number>[])[], theirs: typeof ours) {
  let [largest, squares, size, count] = [0, 0, 0, 0]
  for (const [w, window] of ours.entries())
    for (const [t, row] of window.entries())
      for (let i = 0; i < row.length; i++) {
        const off = Math.abs(row[i]! - theirs[w]![t]![i]!)
        largest = Math.max(largest, off)
        squares += off ** 2
        size += row[i]! ** 2
        count++
      }
  return { largest, rms: Math.sqrt(squares / count), logits: Math.sqrt(size / count) }
}

const tied = 'llama, tied, two heads of keys'
const formats = [q8_0, q4_0, q4_0Full, ggufMxfp4]
const texts = [
  TEXT,
  '',
  ' ',
  'it’s\n\n  We’ll go—now!',
  "don't 12345 ³ ½",
  '\t雨が降る。 é é \u0000\u00a0x',
  '|endoftext|>',
]

describe.skipIf(missing)('in llama.cpp', () => {
  const paths = new Map<string, string>()
  const told = new Map<string, Told>()
  beforeAll(async () => {
    for (const [name, model] of Object.entries(models)) paths.set(name, await exported(name, model))
    for (const format of formats) paths.set(format.name, await exported('cast', models[tied]!, { format }))
    const opened = await openExport(
      await run('bytes', byteTokenizer(), llama({ ...extents, vocabulary: 256, hidden: 192 })),
    )
    const [file] = await ggufTarget.files(opened)
    paths.set('bytes', join(await folder, 'bytes.gguf'))
    await writeFile(paths.get('bytes')!, file!.pieces())
    await opened.close()
    const asked = [...paths].map(([name, path]) => ({
      path,
      texts,
      windows: name === 'bytes' ? [] : windows,
    }))
    for (const [i, found] of inLlamaCpp(asked).entries()) told.set([...paths.keys()][i]!, found)
  }, 120_000)

  test.each(Object.keys(models))('%s has our logits', async (name) => {
    const { largest, logits } = distances(await inLotion(paths.get(name)!, windows), told.get(name)!.logits)
    expect(logits).toBeGreaterThan(0.5)
    // f32 sums in another order, 5e-6; GELU of llama.cpp is a table of halves, 1.4e-3.
    expect(largest).toBeLessThan(models[name]!.name === 'gpt2' ? 5e-3 : 5e-5)
  })

  test.each(formats)('$name has our logits but for its rounding of what goes in', async ({ name }) => {
    const found = distances(await inLotion(paths.get(name)!, windows), told.get(name)!.logits)
    // Activations of 8 bits: 2 % of the logits; their own rounding of weights would be several times that.
    expect(found.rms).toBeLessThan(0.04 * found.logits)
  })

  test('texts have our ids: of a BPE, and of bytes', async () => {
    const bpe = tokenizerFromJson(await tokenizerJson, config)
    for (const [name, { tokens }] of told) {
      const tokenizer = name === 'bytes' ? byteTokenizer() : bpe
      expect(tokens, name).toEqual(texts.map((text) => Array.from(tokenizer.encode(text))))
    }
  })
})

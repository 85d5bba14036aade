// What is exported is what was trained: the numbers of the file, their codes, the words of config.json.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { castFile, readSafetensors, toFloat32 } from '@lotion/checkpoints'
import { dequantize, int4, mxfp4, q4_0 } from '@lotion/formats'
import { gpt2 } from '@lotion/models'
import { byteTokenizer, tokenizerFromJson } from '@lotion/text'
import { expect, test } from 'vitest'
import { checkpoint, config, extents, folder, models, run, tokenizerJson } from '../test/small-models.js'
import { openExport } from './open-export.js'

const tokenizer = async () => tokenizerFromJson(await tokenizerJson, config)
const up = 'model.layers.0.mlp.up_proj.weight'

test.each([q4_0, int4, mxfp4])('a cast file of a run, and its packed one: $name', async (format) => {
  const path = await run(`run-${format.name}`, await tokenizer(), models['llama']!)
  const from = join(path, 'model.safetensors')
  for (const packed of [false, true]) {
    const to = join(path, `${format.name}-${packed}.safetensors`)
    await castFile({ from, to, format, packed })
    const model = await openExport(to)
    expect(model.config).toMatchObject({ model_type: 'llama', num_key_value_heads: 2, vocab_size: 300 })
    expect(model.tensors.map(({ name }) => name)).toEqual(Object.keys(models['llama']!.shapes))
    expect(tokenizerFromJson(model.tokenizer.json, model.tokenizer.config).chatTokens).toBeDefined()
    let cast = 0
    for (const { grid, name, shape, read, quantized } of model.tensors) {
      const weights = await read()
      expect(shape).toEqual(models['llama']!.shapes[name])
      if (grid === undefined) {
        await expect(quantized()).rejects.toThrow(`'${name}': expected a weight that lies on a grid`)
        continue
      }
      cast++
      expect(grid.format.name).toBe(format.name)
      const products = dequantize(await quantized())
      expect(products.filter((value, i) => value !== weights[i])).toHaveLength(0)
    }
    expect(cast).toBe(14)
    await model.close()
  }
})

test('a checkpoint is exported as it is, or cast now', async () => {
  const path = await checkpoint('plain', models['llama']!, 9)
  const plain = await openExport(path)
  expect(plain.tensors.every(({ grid }) => grid === undefined)).toBe(true)
  const stored = await readSafetensors(join(path, 'model.safetensors'))
  const tensor = plain.tensors.find(({ name }) => name === up)!
  expect(await tensor.read()).toEqual(toFloat32(stored.tensors[up]!))
  await plain.close()

  const cast = await openExport(path, { format: q4_0 })
  const chosen = cast.tensors.filter(({ grid }) => grid?.format === q4_0)
  expect(chosen).toHaveLength(14)
  for (const { read, quantized } of chosen) expect(dequantize(await quantized())).toEqual(await read())
  await cast.close()
})

test('what was cast is not cast again, unless to the same grid; a GGUF file that is quantized is told', async () => {
  const path = await run('twice', await tokenizer(), models['llama']!)
  const to = join(path, 'cast.safetensors')
  await castFile({ from: join(path, 'model.safetensors'), to, format: q4_0 })
  await expect(openExport(to, { format: mxfp4 })).rejects.toThrow(
    /expected weights before a cast, found such as were cast to q4_0.*name the run/,
  )
  const same = await openExport(to, { format: q4_0 })
  const plain = await openExport(to)
  const [one, two] = [same, plain].map(({ tensors }) => tensors.find(({ name }) => name === up)!)
  expect(await one!.read()).toEqual(await two!.read())
  expect(same.warnings).toEqual([])
  await same.close()
  await plain.close()
  const gguf = fileURLToPath(new URL('../test/fixtures/tiny-llama.gguf', import.meta.url))
  const again = await openExport(gguf, { format: q4_0 })
  expect(again.warnings.join()).toMatch(
    /its weights are .*Q\w+.* already: the cast to q4_0 rounds them again/,
  )
  await again.close()
})

test('another tokenizer than that of a run is told', async () => {
  const path = await run('other-ids', await tokenizer(), models['llama']!)
  const opened = await openExport(path, { tokenizer: 'bytes' })
  expect(opened.warnings.join()).toMatch(/tokenizer: byte is not the one that .*other-ids.* was trained with/)
  await opened.close()
})

test('a chat template in a file of its own is the one of the tokenizer', async () => {
  const path = await checkpoint('jinja', models['llama']!, 9)
  const template = '{% for m in messages %}[{{ m.role }}] {{ m.content }}{% endfor %}'
  await writeFile(join(path, 'chat_template.jinja'), template)
  await writeFile(join(path, 'tokenizer_config.json'), JSON.stringify({ eos_token: '<|endoftext|>' }))
  const opened = await openExport(path)
  expect(opened.tokenizer.config).toMatchObject({ chat_template: template, eos_token: '<|endoftext|>' })
  await opened.close()
})

test('a GGUF file has the tokenizer and the configuration of its metadata', async () => {
  const path = fileURLToPath(new URL('../test/fixtures/tiny-llama.gguf', import.meta.url))
  const model = await openExport(path)
  expect(model.name).toBe('tiny-llama')
  expect(model.config).toMatchObject({ model_type: 'llama', hidden_size: 64 })
  expect(model.ends).toEqual([0, 2])
  await model.close()
})

test('a GPT-2 without biases is described with biases of 0; bytes have the files of a tokenizer', async () => {
  const model = gpt2({ ...extents, vocabulary: 256, biases: false, tied: false })
  const path = await run('nano', byteTokenizer(), model)
  const opened = await openExport(path)
  expect(opened.config).toMatchObject({ model_type: 'gpt2', tie_word_embeddings: false })
  const bias = opened.tensors.find(({ name }) => name === 'transformer.h.0.mlp.c_fc.bias')!
  expect(await bias.read()).toEqual(new Float32Array(4 * extents.dimension))
  const written = tokenizerFromJson(opened.tokenizer.json, opened.tokenizer.config)
  const text = 'Größe, 雨.\r\n\t\0 x'
  expect(Array.from(written.encode(text))).toEqual(Array.from(byteTokenizer().encode(text)))
  expect(written.decode(written.encode(text))).toBe(text)
  await opened.close()
})

test('what is no model is refused by its path', async () => {
  await expect(openExport(join(await folder, 'nothing'))).rejects.toThrow(/nothing: expected a run/)
})

// A tokenizer that is learnt of the run's own text, and a model that a module exports.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { tokenizerFromJson, trainBpe } from '@lotion/text'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunRecord } from '../records.js'

const here = process.cwd()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-own-'))
  process.chdir(folder)
  await writeFile('verse.txt', LEARNT + HELD)
})
afterAll(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})

const LEARNT = 'What rains in spring falls on the plain, and what has fallen falls again.\n'.repeat(27)
// A tenth of it, of letters that are nowhere else.
const HELD = 'ZQXJ '.repeat(44)
const small = '--steps 2 --batch 2 --context 8 --casts 1 --format q4_0'
const cli = (line: string) => recordedCli(line.split(' ').filter(Boolean))
const configOf = async (run: string) =>
  (JSON.parse((await readFile(join(run, 'metrics.jsonl'), 'utf8')).split('\n')[0]!) as RunRecord).config

test('without a choice the model is micro with words of its own, nano is one of characters', async () => {
  const line = 'train --data verse.txt --print-config'
  expect((await cli(line)).stdout).toContain('\nmodel: micro\n')
  for (const [model, expected] of [
    ['micro', { model: 'micro', tokenizer: 'bpe:1024' }],
    ['nano', { model: 'nano', tokenizer: 'byte', vocabulary: 256 }],
  ] as const) {
    expect(await cli(`train --data verse.txt --model ${model} ${small} --out ${model}`)).toMatchObject({
      status: 0,
    })
    expect(await configOf(model)).toMatchObject(expected)
  }
  await rm('runs', { recursive: true })
})

test('--tokenizer bpe learns from what is trained on alone, once, and goes with the run', async () => {
  expect(
    await cli(`train --data verse.txt --model nano --tokenizer bpe:280 ${small} --out one`),
  ).toMatchObject({
    status: 0,
  })
  expect(await configOf('one')).toMatchObject({ tokenizer: 'bpe:280', vocabulary: 280 })
  const learnt: unknown = JSON.parse(await readFile(join('one', 'tokenizer.json'), 'utf8'))
  const cut = LEARNT.length + HELD.length - Math.ceil((LEARNT.length + HELD.length) / 10)
  expect(HELD.length).toBeLessThan(LEARNT.length + HELD.length - cut)
  expect(learnt).toEqual(await trainBpe([LEARNT.slice(0, cut)], { vocabulary: 280 }))
  expect(tokenizerFromJson(learnt).encode('ZQ')).toHaveLength(2)
  // No tokens of single bytes stay, and the second run learns nothing.
  const kept = async () => (await readdir(join('runs', '.cache', 'text'))).toSorted()
  const before = await kept()
  expect(before.filter((name) => name.startsWith('bpe-'))).toHaveLength(1)
  expect(before).toHaveLength(2)
  expect(
    await cli(`train --data verse.txt --model nano --tokenizer bpe:280 ${small} --out two`),
  ).toMatchObject({
    status: 0,
  })
  expect(await kept()).toEqual(before)
  expect(await readFile(join('two', 'model.safetensors'))).toEqual(
    await readFile(join('one', 'model.safetensors')),
  )
  const text = await cli('generate one --prompt What --length 5 --seed 1')
  expect(text).toMatchObject({ status: 0, stdout: expect.stringMatching(/^What/) as string })
})

test('an encoding of one’s own is refused by name where it makes no sense', async () => {
  for (const word of ['bpe:', 'bpe:12', 'bpe:1e9', 'bpe:many'])
    expect(await cli(`train --data verse.txt --tokenizer ${word} ${small} --out no`)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^error: tokenizer: expected bpe:<ids> with a whole number from 257 .*, found 'bpe:.*'\n/,
      ) as string,
    })
})

const module = (made: string) => `import { defineFamily } from '@lotion/core'
import { llama } from '@lotion/models'
export const model = ${made}
`

test('--model takes a module that exports a model, or a family that is made for the tokenizer', async () => {
  await writeFile(
    'family.ts',
    module(
      `defineFamily({ name: 'mine', make: (_, { vocabulary, context }) =>
        llama({ vocabulary, dimension: 32, layers: 1, heads: 2, context: context ?? 4 }) })`,
    ),
  )
  expect(
    await cli(`train --data verse.txt --model family.ts --tokenizer bytes ${small} --out made`),
  ).toMatchObject({
    status: 0,
  })
  expect(await configOf('made')).toMatchObject({
    model: 'family.ts',
    modelFiles: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
    vocabulary: 256,
    context: 8,
  })
  expect(await cli('generate made --prompt What --length 5')).toMatchObject({ status: 0 })
  await writeFile(
    'fixed.ts',
    module('llama({ vocabulary: 100, dimension: 32, layers: 1, heads: 2, context: 8 })'),
  )
  expect(
    await cli(`train --data verse.txt --model fixed.ts --tokenizer bytes ${small} --out no`),
  ).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(
      /^error: model: fixed\.ts: expected at least the 256 ids of the tokenizer, found 100; export a family/,
    ) as string,
  })
  await writeFile(
    'bare.ts',
    module(`(({ cacheShapes, dropoutShapes, ...rest }) => rest)(
      llama({ vocabulary: 256, dimension: 32, layers: 1, heads: 2, context: 8 }))`),
  )
  for (const [option, name] of [
    ['--pack', 'pack'],
    ['--dropout 0.1', 'dropout'],
  ])
    expect(
      await cli(`train --data verse.txt --model bare.ts --tokenizer bytes ${option} ${small} --out no`),
    ).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        new RegExp(`^error: ${name}: expected a model that reads segments .*, found 'llama', which does not`),
      ) as string,
    })
  // The module is the same, what it imports is not.
  const dims = module('llama({ vocabulary: 256, dimension: 32, layers: 1, heads: 2, context: 8, ropeBase })')
  const prints: unknown[] = []
  for (const [name, base] of [
    ['one', 5000],
    ['other', 9000],
  ] as const) {
    await mkdir(`dims-${name}`)
    await writeFile(`dims-${name}/dims.ts`, `export const ropeBase = ${base}\n`)
    await writeFile(`dims-${name}/mine.ts`, `import { ropeBase } from './dims.ts'\n${dims}`)
    const line = `train --data verse.txt --model dims-${name}/mine.ts --tokenizer bytes ${small} --out of-${name}`
    expect(await cli(line)).toMatchObject({ status: 0 })
    prints.push((await configOf(`of-${name}`))['modelFiles'])
  }
  expect(new Set(prints).size).toBe(2)
  await writeFile('none.mjs', 'export const model = { loss: 1 }\n')
  expect(await cli(`train --data verse.txt --model none.mjs ${small} --out no`)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(
      /^error: model: expected a model or a family of them among the exports/,
    ) as string,
  })
})

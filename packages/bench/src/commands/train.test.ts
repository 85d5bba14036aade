// Text of one's own: trained on, gone on with, generated from; and what is refused.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { readSafetensors, writeSafetensors } from '@lotion/checkpoints'
import { configOf, llama } from '@lotion/models'
import { trainBpe } from '@lotion/text'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunRecord } from '../records.js'

const here = process.cwd()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-train-'))
  // Runs and tokens go where the command is typed.
  process.chdir(folder)
  await writeFile('rhyme.txt', RHYME)
  await mkdir('notes')
  await writeFile(join('notes', 'a.md'), RHYME)
  await writeFile(join('notes', 'b.md'), RHYME.toUpperCase())
  const lines = RHYME.split('\n\n').filter(Boolean)
  await writeFile('rhymes.jsonl', lines.map((text) => `${JSON.stringify({ body: text })}\n`).join(''))
})
afterAll(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})

const RHYME = Array.from(
  { length: 30 },
  (_, i) => `Verse ${i}. The rain in spring falls on the plain, and what has fallen falls again.\n\n`,
).join('')

const small = '--steps 4 --batch 2 --context 16 --casts 1 --format q4_0'
/** The smallest model, unless a line says another. */
const cli = (line: string) =>
  recordedCli((/^train (?!.*--model)/.test(line) ? `${line} --model nano` : line).split(' ').filter(Boolean))
const recordOf = async (run: string): Promise<RunRecord> =>
  JSON.parse((await readFile(join(run, 'metrics.jsonl'), 'utf8')).split('\n')[0]!) as RunRecord

test('trains on a file and generates from the run, the same for the same seed; a second run is a new one', async () => {
  expect(await cli(`train --data rhyme.txt ${small}`)).toMatchObject({ status: 0 })
  expect(await cli(`train --data rhyme.txt ${small}`)).toMatchObject({ status: 0 })
  expect((await readdir('runs')).filter((name) => !name.startsWith('.'))).toEqual(['train', 'train-2'])
  const [one, two] = await Promise.all(
    ['train', 'train-2'].map((run) => readFile(join('runs', run, 'model.safetensors'))),
  )
  expect(one!.equals(two!)).toBe(true)
  expect((await recordOf(join('runs', 'train'))).config).toMatchObject({
    data: 'rhyme.txt',
    model: 'nano',
    tokenizer: 'byte',
    vocabulary: 256,
    context: 16,
  })
  const text = await cli('generate train --prompt The --length 12 --seed 3')
  expect(text).toMatchObject({ status: 0, stdout: expect.stringMatching(/^The/) as string })
  expect(await cli('generate train-2 --prompt The --length 12 --seed 3')).toEqual(text)
  expect((await cli('generate train --prompt The --length 12 --seed 4')).stdout).not.toBe(text.stdout)
})

test('records how the learning rate runs, and says in the files which weights were taken', async () => {
  const options = '--schedule wsd --warmup 0 --decay 0.5 --eval-every 2 --keep-best --ema 0.5'
  expect(await cli(`train --data rhyme.txt ${small} ${options} --out judged`)).toMatchObject({ status: 0 })
  const { config } = await recordOf('judged')
  expect(config).toMatchObject({ schedule: 'wsd', decay: 0.5, evaluateEvery: 2, keepBest: true, ema: 0.5 })
  const { metadata } = await readSafetensors(join('judged', 'model.safetensors'))
  expect(metadata['taken']).toMatch(
    /^averages of weights \(decay 0\.5\) after step [0-4], the best evaluated$/,
  )
  const lines = (await readFile(join('judged', 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')
  const steps = lines.map((line) => JSON.parse(line) as { readonly type: string; readonly step?: number })
  expect(steps.flatMap(({ type, step }) => (type === 'evaluation' ? [step] : []))).toEqual([0, 2, 4])
})

test('goes on with a run only while its text is the same', async () => {
  await writeFile('changing.txt', RHYME)
  const stop = new AbortController()
  const line = `train --model nano --data changing.txt ${small.replace('--steps 4', '--steps 400')} --out stopped`
  const running = recordedCli(line.split(' '), stop.signal)
  while (!(await readFile(join('stopped', 'metrics.jsonl'), 'utf8').catch(() => '')).includes('evaluation'))
    await new Promise((resolve) => setTimeout(resolve, 20))
  stop.abort(new Error('stopped'))
  expect(await running).toMatchObject({ status: 130 })
  await writeFile('changing.txt', `${RHYME}One more.`)
  expect(await cli('resume stopped')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /^error: stopped: expected what the run began with, found other: dataFiles "[0-9a-f]{12}", now "[0-9a-f]{12}"; restore it, or begin a new run\n/,
    ) as string,
  })
})

test('trains on folders, patterns and fields of .jsonl, with a tokenizer of its own', async () => {
  const json = await trainBpe([RHYME], { vocabulary: 300 })
  await writeFile('tokenizer.json', JSON.stringify(json))
  expect(
    await cli(`train --data notes,rhymes.jsonl --field body --tokenizer tokenizer.json ${small} --out many`),
  ).toMatchObject({ status: 0 })
  const { config } = await recordOf('many')
  expect(config).toMatchObject({
    data: 'notes,rhymes.jsonl',
    vocabulary: Object.keys(json.model.vocab).length,
  })
  expect(await cli('generate many --length 3 --temperature 0')).toMatchObject({ status: 0 })
})

test('starts from the checkpoint of a folder, with its tokenizer', async () => {
  const json = await trainBpe([RHYME], { vocabulary: 270 })
  const model = llama({ vocabulary: 270, dimension: 32, layers: 1, heads: 2, context: 32 })
  await mkdir('checkpoint')
  await writeFile(join('checkpoint', 'config.json'), JSON.stringify(configOf(model)))
  await writeFile(join('checkpoint', 'tokenizer.json'), JSON.stringify(json))
  const params = model.init(5)
  const tensors = Object.fromEntries(
    Object.entries(params).map(([name, data]) => [name, { data, shape: model.shapes[name]! }]),
  )
  await writeSafetensors(join('checkpoint', 'model.safetensors'), tensors)
  const line = `train --data rhyme.txt --model checkpoint ${small} --out tuned --methods ptq --lr 1e-30`
  expect(await cli(line)).toMatchObject({ status: 0 })
  const [trained] = (await readdir(join('tuned', 'weights'))).filter((name) => !name.includes('.cast.'))
  const found = await readSafetensors(join('tuned', 'weights', trained!))
  const name = 'model.layers.0.mlp.up_proj.weight'
  // A learning rate of next to nothing leaves the weights that it started with.
  expect(Buffer.from(found.tensors[name]!.bytes)).toEqual(Buffer.from(params[name]!.buffer))

  const usual = `train --data rhyme.txt --model checkpoint ${small} --methods ptq`
  expect(await cli(`${usual} --out usual`)).toMatchObject({ status: 0 })
  expect((await recordOf('usual')).config).toMatchObject({ learningRate: 1e-4 })
  expect((await recordOf(join('runs', 'train'))).config).toMatchObject({ learningRate: 5e-3 })

  const { 'model.norm.weight': _, ...others } = tensors
  await writeSafetensors(join('checkpoint', 'model.safetensors'), others)
  expect((await cli(line.replace('tuned', 'none'))).stderr).toMatch(/model\.norm\.weight/)
})

test.each([
  ['--data none.txt', /none\.txt/],
  ['--data rhyme.txt,', /expected paths with commas between, found an empty one/],
  ['--data binary.txt', /binary\.txt/],
  ['--data empty.txt', /empty\.txt.*expected text, found none/],
  ['--data rhymes.jsonl --field bodi', /rhymes\.jsonl: line 1: field 'bodi'/],
  ['--data rhyme.txt --model nanno', /did you mean 'nano'/],
  [
    '--data rhyme.txt --min-delta 0.1',
    /min-delta: expected --patience, which it is for, found 0\.1 without it/,
  ],
  ['--data rhyme.txt --eval-every 5', /eval-every: expected at most the 4 steps of the run, found 5/],
  ['--data rhyme.txt --ema 1', /ema: expected a number above 0 up to 0\.999999, found '1'/],
  ['--data rhyme.txt --decay 0.1', /decay: expected --schedule wsd, which it is for, found 0\.1 with cosine/],
  [
    '--data rhyme.txt --schedule wsd --decay 0.99',
    /decay: expected .* at most 1 together with warmup \(0\.05\), found 0\.99/,
  ],
  ['--data rhyme.txt --schedule cosin', /did you mean 'cosine'/],
  ['--data rhyme.txt --tokenizer cl200k', /tokenizer: expected bytes, r50k_base, .* found 'cl200k'/],
  ['--data rhyme.txt --context 4000 --model micro', /rhyme\.txt: expected more than 4000 tokens to train on/],
])('refuses %s, in one line, and leaves nothing that is taken for a run', async (options, message) => {
  await writeFile('binary.txt', Uint8Array.of(65, 0, 1, 2))
  await writeFile('empty.txt', '')
  const { status, stdout, stderr } = await cli(
    `train ${options} ${small.replace('--context 16', '')} --out refused`,
  )
  expect([1, 2]).toContain(status)
  expect(stdout).toBe('')
  expect(stderr).toMatch(message)
  await rm('refused', { recursive: true, force: true })
})

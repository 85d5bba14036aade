// Fine-tuning on chats, from the command line: what counts, that a run goes on as it began, what is refused.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSafetensors, writeSafetensors } from '@lotion/checkpoints'
import { recordedCli } from '@lotion/cli/internal'
import type { Evaluation } from '@lotion/language'
import { configOf, llama } from '@lotion/models'
import { trainBpe } from '@lotion/text'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EvaluationRecord, ResultRecord, RunLine, RunRecord } from '../records.js'

const here = process.cwd()
let folder = ''
const TEMPLATE =
  '{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}'
const WORDS = ['rain', 'spring', 'plain', 'falls', 'again', 'verse']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-tune-'))
  process.chdir(folder)
  const model = llama({ vocabulary: 300, dimension: 32, layers: 2, heads: 2, context: 64 })
  await mkdir('checkpoint')
  await writeFile(join('checkpoint', 'config.json'), JSON.stringify(configOf(model)))
  const special = ['<|endoftext|>', '<|end|>', '<|user|>', '<|assistant|>']
  const json = await trainBpe([WORDS.join(' ')], { vocabulary: 290, special })
  await writeFile(join('checkpoint', 'tokenizer.json'), JSON.stringify(json))
  const config = { eos_token: '<|end|>', chat_template: TEMPLATE }
  await writeFile(join('checkpoint', 'tokenizer_config.json'), JSON.stringify(config))
  const weights = Object.entries(model.init(5)).map(([name, data]) => [
    name,
    { data, shape: model.shapes[name]! },
  ])
  await writeSafetensors(join('checkpoint', 'model.safetensors'), Object.fromEntries(weights))
  const chats = Array.from({ length: 60 }, (_, i) => ({
    messages: [
      { role: 'user', content: `What ${WORDS[i % 6]}?` },
      { role: 'assistant', content: `${WORDS[(i + 1) % 6]} and ${WORDS[(i + 2) % 6]}.` },
    ],
  }))
  await writeFile('chats.jsonl', chats.map((chat) => `${JSON.stringify(chat)}\n`).join(''))
  await writeFile('notes.txt', 'The rain in spring falls on the plain. '.repeat(40))
})
afterAll(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})

const small =
  '--model checkpoint --steps 4 --batch 4 --context 16 --casts 1 --format q4_0 --threads 1 --lr 1e-3'
const cli = (line: string) => recordedCli(line.split(' ').filter(Boolean))
/** A command that has to succeed: what it printed. */
const done = async (line: string): Promise<string> => {
  const { status, stdout, stderr } = await cli(line)
  if (status !== 0) throw new Error(stderr)
  return stdout
}
const linesOf = async (run: string): Promise<readonly (RunRecord | RunLine)[]> =>
  (await readFile(join(run, 'metrics.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunRecord | RunLine)
const resultOf = async (run: string): Promise<ResultRecord> =>
  (await linesOf(run)).find((line) => line.type === 'result') as ResultRecord

test('learns and is judged on what the assistant wrote alone, and eval says the same', async () => {
  await done(`train --data chats.jsonl ${small} --out all`)
  await done(`train --data chats.jsonl ${small} --loss-on assistant --out tuned`)
  const [all, tuned] = [await resultOf('all'), await resultOf('tuned')]
  expect(((await linesOf('tuned'))[0] as RunRecord).config).toMatchObject({ lossOn: 'assistant' })
  expect(tuned.fullPrecision).not.toBe(all.fullPrecision)
  // A checkpoint has few steps; what begins at random is trained by LOTION.
  expect([all.method, tuned.method]).toEqual(['qat', 'qat'])
  await done(`train --data notes.txt ${small.replace('checkpoint', 'nano')} --out begun`)
  expect((await resultOf('begun')).method).toBe('lotion')
  const found = JSON.parse(await done('eval tuned --json')) as Evaluation
  // The same windows in other batches: f32 sums in another order.
  expect(found.loss).toBeCloseTo(tuned.nearest, 5)
  expect(found.reference!.loss).toBeCloseTo(tuned.fullPrecision, 5)
  const whole = JSON.parse(await done('eval all --json')) as Evaluation
  expect(found.tokens).toBeLessThan(0.8 * whole.tokens)
  expect(found.bytes).toBeLessThan(0.8 * whole.bytes)
}, 120_000)

test('taken in parts it is the same training but for roundings', async () => {
  const line = `train --data chats.jsonl ${small} --loss-on assistant --methods ptq`
  await done(`${line} --out at-once`)
  await done(`${line} --accumulate 4 --out in-parts`)
  const [atOnce, inParts] = [await resultOf('at-once'), await resultOf('in-parts')]
  expect(inParts.fullPrecision).toBeCloseTo(atOnce.fullPrecision, 5)
})

test('dropout trains otherwise, in parts as in one, and is off where it is judged', async () => {
  const line = `train --data chats.jsonl ${small} --methods ptq`
  await done(`${line} --out full`)
  await done(`${line} --dropout 0.3 --out thinned`)
  await done(`${line} --dropout 0.3 --accumulate 2 --out thinned-parts`)
  const firstLoss = async (run: string) =>
    (await linesOf(run)).find((line): line is EvaluationRecord => line.type === 'evaluation')!.fullPrecision
  expect(await firstLoss('thinned')).toBe(await firstLoss('full'))
  const [full, thinned, parts] = [
    await resultOf('full'),
    await resultOf('thinned'),
    await resultOf('thinned-parts'),
  ]
  expect(Math.abs(thinned.fullPrecision - full.fullPrecision)).toBeGreaterThan(1e-4)
  expect(parts.fullPrecision).toBeCloseTo(thinned.fullPrecision, 5)
})

test('does not go on as what it did not begin with', async () => {
  const line = `train --data chats.jsonl ${small.replace('--steps 4', '--steps 4000')} --loss-on assistant`
  const stop = new AbortController()
  const running = recordedCli(`${line} --out stopped`.split(' '), stop.signal)
  while (!(await readFile(join('stopped', 'metrics.jsonl'), 'utf8').catch(() => '')).includes('evaluation'))
    await new Promise((resolve) => setTimeout(resolve, 20))
  stop.abort(new Error('stopped'))
  expect(await running).toMatchObject({ status: 130 })
  const file = join('stopped', 'run.json')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/("lossOn":\s*)"assistant"/, '$1"all"'))
  expect(await cli('resume stopped')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/lossOn "assistant", now "all"/) as string,
  })
})

test('packed, in parts and with dropout, a run that was stopped ends with the bits of one that was not', async () => {
  const own = `${small.replace('--steps 4', '--steps 24')} --eval-every 4`
  const line = `train --data chats.jsonl ${own} --loss-on assistant --pack --accumulate 2 --dropout 0.2`
  await done(`${line} --out whole`)
  const stop = new AbortController()
  const running = recordedCli(`${line} --out parted`.split(' '), stop.signal)
  const seen = async (): Promise<string> => readFile(join('parted', 'metrics.jsonl'), 'utf8').catch(() => '')
  while ((await seen()).split('"evaluation"').length < 3)
    await new Promise((resolve) => setTimeout(resolve, 10))
  stop.abort(new Error('stopped'))
  expect(await running).toMatchObject({ status: 130 })
  await done('resume parted')
  await done(`${line.replace('--threads 1', '--threads 2')} --out threads`)
  const tensors = async (run: string) => (await readSafetensors(join(run, 'model.safetensors'))).tensors
  const whole = await tensors('whole')
  expect(await tensors('parted')).toEqual(whole)
  expect(await tensors('threads')).toEqual(whole)
  const result = await resultOf('whole')
  expect((await resultOf('parted')).nearest).toBe(result.nearest)
  const found = JSON.parse(await done('eval whole --json')) as Evaluation
  expect(found.loss).toBeCloseTo(result.nearest, 5)
}, 300_000)

test.each([
  [
    '--data notes.txt',
    /^error: data: notes\.txt: expected conversations alone \(--loss-on assistant\), .* found 1 of 1 documents that are none/,
  ],
  [
    '--data chats.jsonl,notes.txt',
    /^error: data: notes\.txt: expected conversations alone \(--loss-on assistant\)/,
  ],
  [
    '--data chats.jsonl --model nano',
    /^error: loss-on: expected a tokenizer with a chat template, .* found one without; take .*\(--model <folder>\)/,
  ],
  ['', /^error: loss-on: expected --data with conversations, .* found the bundled speeches; leave it out/],
  ['--data chats.jsonl --loss-on asistant', /did you mean 'assistant'/],
  ['--data chats.jsonl --dropout 1', /dropout: expected a number .*0\.99, found '1'/],
  ['--pack', /^error: pack: expected --data with documents that fit a sequence, found the bundled speeches/],
  [
    '--data chats.jsonl --model micro',
    /^error: chats\.jsonl: line 1: field 'messages': expected a tokenizer with a chat template, .* found one without; take that of a checkpoint \(--model <folder>\), .* \(--tokenizer <path>\), or name a field/,
  ],
])('refuses %s in one line', async (options, message) => {
  const { status, stdout, stderr } = await cli(`train ${small} --loss-on assistant ${options} --out refused`)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(message)
})

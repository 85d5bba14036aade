// What is trained is used: judged, gone on with, talked with; a checkpoint that it began with may be gone.

import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { loadModel, type Evaluation } from '@lotion/language'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RHYME, writeCheckpoint } from '../../test/small-checkpoint.js'
import { converse } from '../language/converse.js'
import type { ResultRecord, RunRecord } from '../records.js'

const here = process.cwd()
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-use-'))
  process.chdir(folder)
  await writeFile('rhyme.txt', RHYME)
  await writeCheckpoint('checkpoint')
})
afterAll(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})

const cli = (...words: string[]) => recordedCli(words)
const line = (text: string) => cli(...text.split(' '))
const resultOf = async (run: string): Promise<ResultRecord> => {
  const lines = (await readFile(join(run, 'metrics.jsonl'), 'utf8')).trim().split('\n')
  return lines.map((text) => JSON.parse(text) as ResultRecord).find(({ type }) => type === 'result')!
}
const small = '--steps 4 --batch 2 --context 16 --casts 1 --format q4_0 --threads 1'

test('a run is judged by its own text as it judged itself, beside its trained weights, though the checkpoint is gone', async () => {
  const trained = await line(`train --data rhyme.txt --model checkpoint ${small} --out tuned`)
  expect(trained).toMatchObject({ status: 0 })
  await rename('checkpoint', 'elsewhere')
  const { status, stdout } = await line('eval tuned --json')
  await rename('elsewhere', 'checkpoint')
  expect(status).toBe(0)
  const found = JSON.parse(stdout) as Evaluation
  const result = await resultOf('tuned')
  // The same windows in other batches: f32 sums in another order.
  expect(found.loss).toBeCloseTo(result.nearest, 5)
  expect(found.reference!.loss).toBeCloseTo(result.fullPrecision, 5)
  expect(found.context).toBe(16)
  expect(found.reference!.divergence).toBeGreaterThan(0)
  expect(found.bitsPerByte).toBeCloseTo((found.loss * found.tokens) / found.bytes / Math.LN2, 10)

  // What the run records of its tokens is what its evaluation counts.
  const texts = (await readFile(join('tuned', 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')
  const records = texts.map((text) => JSON.parse(text) as Pick<RunRecord, 'type' | 'config'>)
  const perToken = found.bytes / found.tokens
  expect(perToken).toBeGreaterThan(1)
  for (const index of [0, -1]) expect(records.at(index)!.config['bytesPerToken']).toBe(perToken)
  expect((await line('show tuned')).stdout).toContain(
    `\nBits a byte after the nearest cast: qat ${found.bitsPerByte.toPrecision(4)}.\n`,
  )
  expect(await readFile(join('tuned', 'report.html'), 'utf8')).toContain(
    `>${found.bitsPerByte.toPrecision(4)}</td>`,
  )
  // A run that goes on says the same.
  const file = JSON.parse(await readFile(join('tuned', 'run.json'), 'utf8')) as object
  await writeFile(join('tuned', 'run.json'), JSON.stringify({ ...file, finishedAt: undefined }))
  await writeFile(join('tuned', 'metrics.jsonl'), `${texts.slice(0, -1).join('\n')}\n`)
  expect(await line('resume tuned')).toMatchObject({ status: 0 })
  expect((await readFile(join('tuned', 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')).toEqual(texts)

  const whole = await line('eval tuned --data rhyme.txt --tokens 200')
  expect(whole.stdout).toMatch(
    /^tuned\/model\.safetensors · q4_0 · 199 tokens, \d+ bytes, windows of 16\nloss +\d/,
  )
  expect(whole.stdout).toMatch(/\ndivergence +0\.\d+ nats a token, KL/)
  const cast = await line('eval checkpoint --data rhyme.txt --tokens 100 --format q4_0 --json')
  expect(JSON.parse(cast.stdout)).toMatchObject({
    tokens: 99,
    context: 256,
    reference: { loss: expect.any(Number) as number },
  })
  const same = await line('eval checkpoint --data rhyme.txt --tokens 100 --reference checkpoint --json')
  expect((JSON.parse(same.stdout) as Evaluation).reference).toMatchObject({ divergence: 0, agreement: 1 })

  // Another format casts what was trained, not its cast, and is what the head names.
  const int8 = await line('eval tuned --format int8')
  expect(int8.stdout).toMatch(
    /^tuned\/weights\/[^ ]*\.safetensors · int8, block 32 · .*\nloss +[\d.]+ [^]*\nfull precision +\d/,
  )
  const other = JSON.parse((await line('eval tuned --format int8 --json')).stdout) as Evaluation
  expect(other.reference!.loss).toBe(found.reference!.loss)
  expect(other.reference!.divergence).toBeLessThan(found.reference!.divergence / 4)
  expect(other).toMatchObject({ format: 'int8' })
  const again = JSON.parse((await line('eval tuned --format q4_0 --json')).stdout) as Evaluation
  expect([again.loss, again.reference]).toEqual([found.loss, found.reference])
  // A file is compared with what it holds, whatever that is.
  const cell = await line('eval tuned/model.safetensors --data rhyme.txt --tokens 100 --format int8')
  expect(cell.stdout).toMatch(
    /^tuned\/model\.safetensors · q4_0 → int8, block 32 · [^]*\nas they are +\d[^]*KL\(as they are ‖ this\)/,
  )
  expect(cell.stdout).not.toContain('full precision')
  const named = await line('eval checkpoint --data rhyme.txt --tokens 100 --reference checkpoint')
  expect(named.stdout).toMatch(/\nreference +\d/)

  const text = await cli('generate', 'tuned', '--prompt', 'The rain', '--length', '70', '--top-p', '0.9')
  expect(text).toMatchObject({ status: 0, stdout: expect.stringMatching(/^The rain/) as string })
  expect(
    await cli(
      'generate',
      join('tuned', 'model.safetensors'),
      '--prompt',
      'The rain',
      '--length',
      '70',
      '--top-p',
      '0.9',
    ),
  ).toEqual(text)
}, 120_000)

test('full precision is what was taken, not what was trained last; where it is gone the rest is told', async () => {
  const options =
    '--model nano --steps 12 --batch 2 --context 16 --casts 1 --format q4_0 --threads 1 --ema 0.9 --keep-best'
  expect(await line(`train --data rhyme.txt ${options} --out averaged`)).toMatchObject({ status: 0 })
  const names = await readdir(join('averaged', 'weights'))
  expect(names.filter((name) => name.endsWith('.last.safetensors'))).toHaveLength(1)
  const { fullPrecision } = await resultOf('averaged')
  const cached = await readdir(join('runs', '.cache', 'text'))
  const found = JSON.parse((await line('eval averaged --json')).stdout) as Evaluation
  expect(found.reference!.loss).toBeCloseTo(fullPrecision, 5)
  expect(await readdir(join('runs', '.cache', 'text'))).toEqual(cached)
  const last = join(
    'averaged',
    'weights',
    names.find((name) => name.includes('.last.'))!,
  )
  const beside = JSON.parse((await line(`eval averaged --reference ${last} --json`)).stdout) as Evaluation
  expect(Math.abs(beside.reference!.loss - fullPrecision)).toBeGreaterThan(1e-3)

  await rm(join('averaged', 'weights'), { recursive: true })
  const { status, stdout, stderr } = await line('eval averaged --json')
  expect(status).toBe(0)
  const { reference: _, ...rest } = found
  expect(JSON.parse(stdout)).toEqual(rest)
  expect(stderr).toMatch(
    /warning: averaged: the weights before the cast are not there any more \(weights\/\): not compared are/,
  )
  expect(stderr).not.toContain('its text was changed')
  expect(await line('eval averaged --format int8')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /^error: averaged: expected the weights that its model was cast from in averaged\/weights, found none; name averaged\/model\.safetensors to take those after the cast/,
    ) as string,
  })

  // Tokens of the run are found again; text that is other or gone is told.
  const shards = join('runs', '.cache', 'text')
  const tokens = await readdir(shards)
  await writeFile('rhyme.txt', `${RHYME}More.`)
  const changed = await line('eval averaged --json')
  expect(changed).toMatchObject({ status: 0 })
  expect(changed.stderr).toContain(
    'averaged: its text was changed since the run began: losses are not of the',
  )
  await rm('rhyme.txt')
  expect(await line('eval averaged')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /^warning: .*\nerror: averaged: expected the text that the run held back, found rhyme\.txt: expected a file or a folder, found nothing there; give --data <paths>\n/,
    ) as string,
  })
  await writeFile('rhyme.txt', RHYME)
  // Of the changed text alone were there none.
  expect(await readdir(shards)).toHaveLength(tokens.length + 1)
}, 120_000)

test('a conversation: turns, a system prompt, a stop of one answer, room in the context', async () => {
  const model = await loadModel('checkpoint', { threads: 1 })
  const asked: string[][] = []
  let [said, notes] = ['', '']
  let stopAt = -1
  const talk = async (words: readonly string[], system = 'Rhyme.'): Promise<string> => {
    said = ''
    let current = new AbortController()
    await converse({
      model: {
        ...model,
        answer: (messages, options) => {
          asked.push(messages.map(({ content }) => content))
          return model.answer(messages, options)
        },
      },
      lines: (async function* () {
        yield* words
      })(),
      system,
      sampling: { length: 8, temperature: 1, seed: 2 },
      write: (piece) => {
        said += piece
        if (asked.length === stopAt) current.abort(new Error('stopped'))
      },
      note: (text) => (notes += text),
      begin: () => (current = new AbortController()).signal,
      end: () => undefined,
      signal: new AbortController().signal,
    })
    return said
  }
  const first = await talk(['Rain?', '', 'Again?'])
  expect(first.trim().length).toBeGreaterThan(3)
  expect(asked.map((turns) => turns.length)).toEqual([2, 4])
  expect(asked[0]).toEqual(['Rhyme.', 'Rain?'])
  expect(notes).toBe('')
  stopAt = asked.length + 1
  const stopped = await talk(['Rain?'])
  expect(first.startsWith(stopped.trimEnd())).toBe(true)
  expect(stopped.length).toBeLessThan(first.length)
  stopAt = -1
  // Letters that were in no text: a token each.
  await talk(['QXZJ'.repeat(30), 'ZJQX'.repeat(30), 'What falls again?'])
  expect(notes).toMatch(/earlier turns are left out/)
  expect(asked.at(-1)!.at(-1)).toBe('What falls again?')
  // What does not fit at all is told, and costs nothing of what was said.
  notes = ''
  await talk(['Rain?', 'QXZJ'.repeat(80), 'Again?'])
  expect(notes).toMatch(/^\(that makes 3\d\d tokens, and the context has 256: .*\)\n$/)
  expect(asked.at(-1)).toEqual(['Rhyme.', 'Rain?', expect.any(String), 'Again?'])
  await expect(talk(['Rain?'], 'QXZJ'.repeat(80))).rejects.toThrow(
    /^system: expected room for a question in the context of 256 tokens, found 3\d\d taken before it; say it/,
  )
  await model.close()
})

test.each([
  ['eval nowhere', /^error: nowhere: expected a run, .* found nothing there\n/],
  [
    'eval checkpoint',
    /^error: data: expected text to judge checkpoint by, found none; give --data <paths>\n/,
  ],
  [
    'eval checkpoint --data one.txt',
    /^error: text: expected at least two tokens, found one and what ends it; .*: give more text\n/,
  ],
  [
    'eval checkpoint --data rhyme.txt --context 257',
    /^error: context: expected a whole number from 1 to 256, found 257\n/,
  ],
  ['eval checkpoint --data rhyme.txt --block 32', /^error: block: expected --format with it, found none/],
  [
    'eval checkpoint --data rhyme.txt --tokenizer r50k_base',
    /^error: tokenizer: expected at most the 300 ids of checkpoint, found 50256 of r50k_base/,
  ],
  [
    'generate rhyme.txt',
    /^error: rhyme\.txt: expected a \.safetensors or \.gguf file, or a folder, found another file\n/,
  ],
  [
    'generate unfinished',
    /^error: unfinished: expected a finished run with a model\.safetensors, found none; lotion resume unfinished goes on with it\n/,
  ],
  [
    'chat checkpoint --tokenizer plain/tokenizer.json',
    /expected a tokenizer with a chat template, found none; let it go on with a text: lotion generate\n/,
  ],
])('refuses %s in one line', async (words, message) => {
  await writeFile('one.txt', 'V')
  await mkdir('unfinished', { recursive: true })
  await writeFile(join('unfinished', 'run.json'), '{}')
  await mkdir('plain', { recursive: true })
  await writeFile(join('plain', 'tokenizer.json'), await readFile(join('checkpoint', 'tokenizer.json')))
  const { status, stdout, stderr } = await line(words)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(message)
})

// A dry run: true numbers, true refusals, and no run.

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { presetModel } from '@lotion/models'
import { afterAll, beforeAll, expect, test } from 'vitest'

const here = process.cwd()
let folder = ''
// 200 documents of 50 bytes, each with its line break.
const rows = Array.from({ length: 200 }, (_, i) => `${JSON.stringify({ text: String(i).padEnd(49, '.') })}\n`)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-dry-'))
  process.chdir(folder)
  await writeFile('rows.jsonl', rows.join(''))
})
afterAll(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})

const dry = (line: string) =>
  recordedCli([
    'train',
    '--model',
    'nano',
    '--data',
    'rows.jsonl',
    '--dry-run',
    ...line.split(' ').filter(Boolean),
  ])

test('losses are measured on as much text as is asked for, in whole sequences', async () => {
  for (const [tokens, judged] of [
    [100, 4 * 25],
    [101, 5 * 25],
  ]) {
    const line = `--methods ptq --steps 4 --batch 2 --context 25 --eval-tokens ${tokens} --json`
    expect(JSON.parse((await dry(line)).stdout)).toMatchObject({ data: { judged } })
  }
})

test('tells what the run would be, in numbers that follow from the text, and makes none', async () => {
  const { status, stdout } = await dry(
    '--format q4_0 --methods ptq,lotion --steps 90 --batch 4 --context 25 --json',
  )
  expect(status).toBe(0)
  const found = JSON.parse(stdout) as Record<string, never>
  expect(found).toMatchObject({
    type: 'dry-run',
    parameters: presetModel('nano', { vocabulary: 256, context: 25 }).parameterCount,
    // 200 documents of 50 tokens, of which a tenth is held back; 39 windows of 25 fit, judged 16 at once.
    data: { documents: 200, training: 9000, validation: 1000, judged: 25 * 32 },
    steps: 90,
    runs: 2,
    tokensPerStep: 100,
    tokens: 9000,
    epochs: 1,
    time: { methods: [{ method: 'ptq' }, { method: 'lotion' }] },
  })
  const { quantization, time, memory, disk } = found as unknown as {
    quantization: { parameter: string; format: string | null; blockSize: number | null }[]
    time: { seconds: number; opening: number; methods: { step: number; evaluation: number }[] }
    memory: { peak: number }
    disk: { folder: string; needed: number; free: number }
  }
  const cast = quantization.filter(({ format }) => format === 'q4_0')
  expect(cast.length).toBeGreaterThan(0)
  expect(cast.every(({ blockSize }) => blockSize === 32)).toBe(true)
  expect(quantization.find(({ parameter }) => parameter.includes('wte'))).toMatchObject({ format: null })
  expect(memory.peak).toBeGreaterThan(2 ** 20)
  expect(disk).toMatchObject({ folder: 'runs/train' })
  expect(disk.free).toBeGreaterThan(disk.needed)
  // Opening once, then for each method 90 steps, 10 + 1 evaluations of three losses and 8 casts, a loss each;
  // two losses were timed.
  const sum = time.methods.reduce(
    (all, { step, evaluation }) => all + 90 * step + (11 * 1.5 + 8 / 2) * evaluation,
    0,
  )
  expect(time.seconds).toBeCloseTo(time.opening + sum, 6)
  expect((await readdir('runs')).filter((name) => !name.startsWith('.'))).toEqual([])
})

test('says the same to people', async () => {
  const { status, stdout } = await dry('--format q4_0 --steps 90 --batch 4 --context 25')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^model .*parameters/m)
  expect(stdout).toContain(
    'data      200 documents: 9.00k tokens to train on, 1.00k held back, 800 of them judged',
  )
  expect(stdout).toContain('training  9.00k tokens in 90 steps: 1.00 times the text')
  expect(stdout).toMatch(/^memory +[\d.]+ MiB at most while steps were timed; .* may be used$/m)
  expect(stdout).toMatch(/^time +about \d\d:\d\d for 1 run$/m)
})

test('the speeches, and tasks without text, have a dry run too', async () => {
  const words = 'train --model nano --dry-run --json --steps 3 --batch 2 --eval-tokens 64'
  const speeches = await recordedCli(words.split(' '))
  expect(JSON.parse(speeches.stdout)).toMatchObject({ data: { documents: 233 } })
  const line =
    'run linear-regression --dimension 8 --steps 20 --seeds 3 --methods ptq,qat --workers 1 --dry-run --json'
  const task = await recordedCli(line.split(' '))
  expect(JSON.parse(task.stdout)).toMatchObject({ data: null, runs: 6, disk: null, tokens: null })
})

test('phases of any share are timed, as long as the run itself has a step for each', async () => {
  const line =
    'run linear-regression --dimension 8 --steps 100 --seeds 1 --workers 1 --dry-run --json --methods lotion+qat@0.9,lotion+rat@0.04+qat@0.95'
  const { status, stdout } = await recordedCli(line.split(' '))
  expect(status).toBe(0)
  const { time } = JSON.parse(stdout) as {
    readonly time: { readonly methods: readonly { readonly method: string; readonly step: number }[] }
  }
  expect(time.methods.map(({ method }) => method)).toEqual(['lotion+qat@0.9', 'lotion+rat@0.04+qat@0.95'])
  expect(time.methods.every(({ step }) => step > 0)).toBe(true)
  for (const more of [['--dry-run'], []])
    expect(
      await recordedCli([
        ...line.replace('--steps 100', '--steps 4').replace(' --dry-run', '').split(' '),
        ...more,
      ]),
    ).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(
        "methods: 'lotion+qat@0.9': expected a step at least for each phase, found none of 4 for qat",
      ) as string,
    })
})

test('refuses a folder that the run could not have', async () => {
  await mkdir('taken')
  await writeFile(join('taken', 'mine.txt'), 'x')
  expect(await dry('--out taken --steps 2')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(
      'taken: expected a new or an empty folder for a run, found mine.txt in it',
    ) as string,
  })
  expect((await dry('--out rows.jsonl --steps 2')).stderr).toContain(
    'rows.jsonl: expected a new folder for a new run',
  )
})

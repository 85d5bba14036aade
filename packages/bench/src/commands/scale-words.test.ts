// Another scale rule as a word of the format: trained for, told, kept and found again in exported files.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { afterAll, beforeAll, expect, test } from 'vitest'

const here = process.cwd()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-scale-words-'))
  process.chdir(folder)
})
afterAll(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})
const line = (text: string) => recordedCli(text.split(' '))

const run = 'run linear-regression --dimension 32 --steps 30 --seeds 1 --casts 1 --workers 1'

/** Losses after the nearest cast, by method. */
async function nearestOf(out: string): Promise<Readonly<Record<string, number>>> {
  const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')
  const records = lines.map((text) => JSON.parse(text) as Record<string, unknown>)
  return Object.fromEntries(
    records
      .filter(({ type }) => type === 'result')
      .map((r) => [r['method'] as string, r['nearest'] as number]),
  )
}

test('methods train for it: PTQ casts by it, QAT and LOTION see it while they train', async () => {
  for (const format of ['int4', 'int4:mse-clip'])
    expect(
      await line(`${run} --methods ptq,qat,lotion --format ${format} --out ${format.replace(':', '-')}`),
    ).toMatchObject({ status: 0 })
  const [own, clipped] = [await nearestOf('int4'), await nearestOf('int4-mse-clip')]
  for (const method of ['ptq', 'qat', 'lotion']) expect(clipped[method]).not.toBe(own[method])
  expect((await line('show int4-mse-clip')).stdout).toContain('int4:mse-clip')
}, 60_000)

test('lsq, which trains the clip, refuses another; a rule that there is not is named', async () => {
  expect(await line(`${run} --methods lsq --format int4:mse-clip`)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(
      /lsq: format: expected a scale that covers the weights, found mse-clip/,
    ) as string,
  })
  expect(await line(`${run} --format int4:best`)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/format: int4: expected behind it one of the scale rules absmax/) as string,
  })
})

test('a model trained for it is exported with the very scales; a cast says the word too', async () => {
  await writeFile(
    'rhyme.txt',
    'The rain in spring falls on the plain, and what has fallen falls again. '.repeat(40),
  )
  const train = 'train --data rhyme.txt --model nano --steps 3 --batch 2 --context 16 --casts 1 --threads 1'
  expect(await line(`${train} --format int4:mse-clip --out mine`)).toMatchObject({ status: 0 })
  const exported = await line('export mine --to hf')
  expect(exported).toMatchObject({ status: 0 })
  // The runtime's numbers are those of the cast weights, codes times scales of the rule.
  const inspected = await line('inspect mine-hf/model.safetensors')
  expect(inspected.stdout).toMatch(/^int4, block 32, scale mse-clip;/m)
  const cast = await line('cast mine/model.safetensors again.safetensors --format int4:mse-clip')
  expect(cast.stdout + cast.stderr).toMatch(/int4, block 32, scale mse-clip/)
  const twice = await line('cast mine/model.safetensors b.safetensors --format int4:mse-clip --scale absmax')
  expect(twice.stderr).toMatch(
    /^error: scale: expected one scale rule, found absmax and that of --format int4:mse-clip/,
  )
}, 60_000)

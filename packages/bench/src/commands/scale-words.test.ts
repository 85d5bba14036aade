// Another scale rule as a word of the format: trained for, told, kept and found again in exported files.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSafetensors, toFloat32 } from '@lotion/checkpoints'
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

/** Losses of the trained weights, before and after the nearest cast, by method. */
async function lossesOf(out: string): Promise<Readonly<Record<string, readonly [number, number]>>> {
  const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')
  const records = lines.map((text) => JSON.parse(text) as Record<string, unknown>)
  return Object.fromEntries(
    records
      .filter(({ type }) => type === 'result')
      .map((r) => [r['method'] as string, [r['fullPrecision'] as number, r['nearest'] as number]]),
  )
}

interface Matrix {
  readonly values: Float32Array
  readonly shape: readonly number[]
}

async function tensorOf(path: string, name: string): Promise<Matrix> {
  const tensor = (await readSafetensors(path)).tensors[name]!
  return { values: toFloat32(tensor), shape: tensor.shape }
}

const transposed = ({ values, shape: [rows, columns] }: Matrix): Float32Array =>
  values.map((_, i) => values[(i % rows!) * columns! + Math.floor(i / rows!)]!)

test('methods train for it: PTQ casts by it, QAT and LOTION see it while they train', async () => {
  for (const format of ['int4', 'int4:mse-clip'])
    expect(
      await line(`${run} --methods ptq,qat,lotion --format ${format} --out ${format.replace(':', '-')}`),
    ).toMatchObject({ status: 0 })
  const [own, clipped] = [await lossesOf('int4'), await lossesOf('int4-mse-clip')]
  // The cast differs for all. Weights differ where training saw it: a cast alone leaves PTQ's as they are.
  for (const method of ['ptq', 'qat', 'lotion']) expect(clipped[method]![1]).not.toBe(own[method]![1])
  for (const method of ['qat', 'lotion']) expect(clipped[method]![0]).not.toBe(own[method]![0])
  expect(clipped['ptq']![0]).toBe(own['ptq']![0])
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
  // The runtime's numbers are the trained weights cast by the rule, and not by the format's own.
  const [trained] = (await readdir('mine/weights')).filter((name) => !name.includes('.cast.'))
  for (const scale of ['mse-clip', 'absmax'])
    expect(
      await line(
        `cast mine/weights/${trained} ${scale}.safetensors --format int4 --scale ${scale} --block 32`,
      ),
    ).toMatchObject({ status: 0 })
  for (const name of ['attn.c_attn', 'attn.c_proj', 'mlp.c_fc', 'mlp.c_proj'].map(
    (layer) => `transformer.h.0.${layer}.weight`,
  )) {
    // GPT-2's layers lie in its files the other way round.
    const written = transposed(await tensorOf('mine-hf/model.safetensors', name))
    expect(written).toEqual((await tensorOf('mse-clip.safetensors', name)).values)
    expect(written).not.toEqual((await tensorOf('absmax.safetensors', name)).values)
  }
  const inspected = await line('inspect mine-hf/model.safetensors')
  expect(inspected.stdout).toMatch(/^int4, block 32, scale mse-clip;/m)
  const cast = await line('cast mine/model.safetensors again.safetensors --format int4:mse-clip')
  expect(cast.stdout + cast.stderr).toMatch(/int4, block 32, scale mse-clip/)
  const twice = await line('cast mine/model.safetensors b.safetensors --format int4:mse-clip --scale absmax')
  expect(twice.stderr).toMatch(
    /^error: scale: expected one scale rule, found absmax and that of --format int4:mse-clip/,
  )
  // The format's own rule, said, is not the file's.
  const other = await line('cast mine/model.safetensors b.safetensors --format int4:absmax')
  expect(other.stderr).toMatch(/--scale absmax asks for another grid than its scale mse-clip/)
  const both = await line(
    'cast mine/model.safetensors b.safetensors --format int4:absmax --scale mse-clip --again',
  )
  expect(both.stderr).toMatch(/^error: scale: expected one scale rule, found mse-clip/)
  const judged = await line('eval mine --format int4:mse-clip --json')
  expect(JSON.parse(judged.stdout)).toMatchObject({ format: 'int4:mse-clip' })
}, 60_000)

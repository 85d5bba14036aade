// From training to files: the grid that was trained is the one that later commands take.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  openSafetensors,
  readSafetensors,
  readWeight,
  toFloat32,
  writeSafetensors,
} from '@lotion/checkpoints'
import { normals } from '@lotion/core'
import { builtInFormats } from '@lotion/formats'
import { amount } from '@lotion/test-kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { recordedCli } from '../recorded-cli.js'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'lotion-grid-'))))
afterAll(() => rm(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)
const cli = (line: string) => recordedCli(line.split(' '))

const tiny = '--dimension 32 --layers 1 --heads 2 --context 8 --batch 2 --steps 1 --methods ptq'
const grids = z.record(z.string(), z.looseObject({ format: z.string(), block: z.string() }))

const trained = [
  ['int4 --block tensor', 'int4, one scale a tensor', 'tensor'],
  ['mxfp4', 'mxfp4, block 32', '32'],
  ['q4_0', 'q4_0, block 32', '32'],
  ['int4', 'int4, block 32', '32'],
] as const
describe.each(trained.slice(0, amount(2, 4)))('quickstart --format %s', (options, title, block) => {
  const model = (): string => at(`${options.replaceAll(' ', '')}/model.safetensors`)
  const format = options.split(' ')[0]!

  test('trains the format with its own blocks, says so, and records the grid', async () => {
    const out = join(model(), '..')
    const { status, stdout, stderr } = await cli(`quickstart ${tiny} --format ${options} --out ${out}`)
    expect(status, stderr).toBe(0)
    expect(stderr).toContain(` · ${title} · `)
    expect(stderr).toMatch(/\d bits a weight: .*7 more|\d bits a weight: /)
    expect(stderr).toContain('as they were: an embedding: model.embed_tokens.weight')
    expect(stdout).toContain(`the model of ptq in ${title} continues`)
    const recorded = grids.parse(JSON.parse((await readSafetensors(model())).metadata['lotion.grid']!))
    expect(Object.values(recorded)).toHaveLength(7)
    for (const grid of Object.values(recorded)) expect(grid).toMatchObject({ format, block })
    expect(await readFile(join(out, 'metrics.jsonl'), 'utf8')).toContain('"reason":"the head"')
  })

  test('casting it again, packing and inspecting take that grid: no weight changes, all are on it', async () => {
    for (const more of ['', ` --format ${format}`]) {
      const [cast, packed] = [at('cast.safetensors'), at('packed.safetensors')]
      expect(await cli(`cast ${model()} ${cast}${more}`)).toMatchObject({ status: 0, stderr: '' })
      const { status, stdout } = await cli(`cast ${model()} ${packed}${more} --packed`)
      expect(status).toBe(0)
      expect(stdout).toContain(`packed as ${title}, `)
      const [before, after] = [await readSafetensors(model()), await readSafetensors(cast)]
      const file = await openSafetensors(packed)
      for (const name of Object.keys(grids.parse(JSON.parse(before.metadata['lotion.grid']!)))) {
        const weights = toFloat32(before.tensors[name]!)
        expect(toFloat32(after.tensors[name]!).findIndex((w, i) => w !== weights[i])).toBe(-1)
        const { data: unpacked } = await readWeight(file, name)
        expect(unpacked.findIndex((w, i) => w !== weights[i])).toBe(-1)
      }
      await file.close()
      for (const path of [model(), packed]) {
        const inspected = await cli(`inspect ${path}${more}`)
        expect(inspected.stdout).toContain(title)
        expect(inspected.stdout).toMatch(/^all 7 .* ∞ +100 %$/m)
      }
    }
  })
})

test('what contradicts the record is an error that says what to do; --again rounds a second time', async () => {
  const [from, once, to] = [at('in'), at('once'), at('to')]
  const weight = { data: normals({ seed: 3, stream: 'w' }, 512), shape: [8, 64] }
  await writeSafetensors(from, { 'a.weight': weight, 'b.weight': weight })
  expect((await cli(`cast ${from} ${once} --block tensor`)).status).toBe(0)
  for (const [options, option] of [
    ['--block 32', '--block 32 asks for another grid than its block tensor'],
    ['--format int3', '--format int3 asks for another grid than its format int4'],
    ['--scale e8m0-ceil', '--scale e8m0-ceil asks for another grid than its scale absmax'],
    ['--axis 0', '--axis 0 asks for another grid than its axis -1'],
  ] as const) {
    for (const command of [`cast ${once} ${to}`, `inspect ${once}`]) {
      const outcome = await cli(`${command} ${options}`)
      expect(outcome).toMatchObject({ status: 1, stdout: '' })
      expect(outcome.stderr).toContain(
        `'a.weight' was cast to int4, one scale a tensor, scale absmax, along -1, and ${option};`,
      )
      expect(outcome.stderr).toContain('add --again to round these weights a second time')
    }
    expect((await cli(`inspect ${once} ${options} --again`)).status).toBe(0)
  }
  expect((await cli(`cast ${once} ${to} --block 32 --only ^a --again`)).status).toBe(0)
  expect((await cli(`inspect ${to}`)).stderr).toMatch(
    /'a.weight' was cast to int4, block 32, .*, 'b.weight' to int4, one scale a tensor, .*; choose those of one grid with --only/,
  )
  expect((await cli(`inspect ${to} --only ^b`)).stdout).toContain('int4, one scale a tensor, scale absmax;')
})

test('a standard with other blocks is called so; where the bytes are the format it is refused', async () => {
  const from = at('standard')
  await writeSafetensors(from, { w: { data: normals({ seed: 3, stream: 'w' }, 512), shape: [8, 64] } })
  expect((await cli(`inspect ${from} --format mxfp4 --block tensor`)).stdout).toMatch(
    /^mxfp4 with one scale a tensor, scale e8m0-ceil/,
  )
  expect((await cli(`inspect ${from} --format nvfp4 --block 32`)).stdout).toMatch(
    /^nvfp4 with blocks of 32, scale/,
  )
  expect((await cli(`inspect ${from} --format int4 --block 16`)).stdout).toMatch(/^int4, block 16, scale/)
  for (const format of ['q4_0', 'q8_0', 'gguf-mxfp4']) {
    for (const command of [
      `inspect ${from}`,
      `quickstart --out ${at('never')}`,
      'run linear-regression',
      'bench step',
    ]) {
      const outcome = await cli(`${command} --format ${format} --block tensor`)
      expect(outcome).toMatchObject({ status: 2, stdout: '' })
      expect(outcome.stderr).toContain(
        `block: ${format} is stored in blocks of 32, found tensor; leave out --block`,
      )
    }
  }
})

test('the help of every command lists all formats, and a format’s own blocks are the default', async () => {
  for (const command of [
    'quickstart',
    'run linear-regression',
    'run two-layer',
    'cast',
    'inspect',
    'bench step',
    'bench state',
    'bench kernels',
  ]) {
    const help = (await cli(`${command} --help`)).stdout.replaceAll(/\s+/g, ' ')
    expect(help).toContain(builtInFormats.map(({ name }) => name).join(', '))
    expect(help).toContain("(default: the format's own)")
  }
})

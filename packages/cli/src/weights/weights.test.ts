import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSafetensors, readSafetensors, toFloat32, writeSafetensors } from '@lotion/checkpoints'
import { castNearest, castSample, layoutOf, normals, type HostArray } from '@lotion/core'
import { parseBlock } from '@lotion/core/internal'
import { cpuExecutor } from '@lotion/cpu'
import { builtInFormats, dequantize, nvfp4, packingByName, withBlock } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { castTree } from '@lotion/optim'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { recordedCli } from '../recorded-cli.js'

let folder: string
let [from, to] = ['', '']
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-weights-'))
  ;[from, to] = [join(folder, 'in.safetensors'), join(folder, 'out.safetensors')]
  await writeSafetensors(from, model, { author: 'someone' })
})
afterAll(() => rm(folder, { recursive: true }))

const cli = (...words: readonly string[]) => recordedCli(words)

function array(stream: string, shape: readonly number[]): HostArray {
  return {
    data: normals(
      { seed: 1, stream },
      shape.reduce((a, b) => a * b, 1),
    ),
    shape,
  }
}

const half = { dtype: 'F16', shape: [2, 2], bytes: new Uint8Array([0, 60, 0, 192, 1, 60, 0, 0]) } as const
const model = {
  'a.weight': array('a', [8, 64]),
  'b.weight': array('b', [4, 50]),
  'norm.weight': array('norm', [64]),
  'half.weight': half,
  ids: { data: Int32Array.of(3, 1, 2), shape: [3] },
}
const shapes = { 'a.weight': [8, 64], 'b.weight': [4, 50], 'half.weight': [2, 2] }
const weights = ['a.weight', 'b.weight', 'half.weight'] as const

async function valuesIn(path: string): Promise<Readonly<Record<string, Float32Array>>> {
  const { tensors } = await readSafetensors(path)
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toFloat32(tensor)]))
}

describe('cast', () => {
  test.each([
    ['nearest', [], castNearest(nvfp4), nvfp4],
    [
      'randomized, other blocks',
      ['--noise', 'randomized-rounding', '--seed', '7', '--block', '8', '--axis', '0'],
      castSample(nvfp4, randomizedRounding),
      withBlock(nvfp4, parseBlock(8)),
    ],
  ] as const)(
    'writes the weights of castTree, and all else as it was: %s',
    async (_, extra, cast, format) => {
      const { status, stderr, stdout } = await cli('cast', from, to, '--format', 'nvfp4', ...extra)
      expect(status).toBe(0)
      expect(stderr).toMatch(
        /^warning: nvfp4 has [\d.]+ bits a weight in blocks of \d+, but .*half.weight \[2, 2\]/,
      )
      expect(stdout).toContain('3 of 5 tensors (716 weights) cast to nvfp4')
      const axis = extra.length > 0 ? 0 : -1
      const axes = new Map(weights.map((name) => [name, axis] as const))
      const params = await valuesIn(from)
      const expected = castTree({ executor: cpuExecutor(), format, cast, params, shapes, axes, seed: 7 })
      const found = await readSafetensors(to)
      for (const name of weights) {
        expect(found.tensors[name]).toMatchObject({ dtype: 'F32', shape: shapes[name] })
        expect(toFloat32(found.tensors[name]!)).toEqual(expected[name])
      }
      const before = await readSafetensors(from)
      for (const name of ['norm.weight', 'ids']) expect(found.tensors[name]).toEqual(before.tensors[name])
      expect(found.metadata['author']).toBe('someone')
      expect(JSON.parse(found.metadata['lotion.cast']!)).toEqual([
        axis === 0
          ? {
              format: 'nvfp4',
              scale: 'e4m3-ceil',
              block: '8',
              axis: 0,
              noise: 'randomized-rounding',
              seed: 7,
            }
          : { format: 'nvfp4', scale: 'e4m3-ceil', block: '16', noise: 'nearest' },
      ])
      const grid = { format: 'nvfp4', scale: 'e4m3-ceil', block: axis === 0 ? '8' : '16', axis }
      expect(JSON.parse(found.metadata['lotion.grid']!)).toEqual(
        Object.fromEntries(weights.map((name) => [name, grid])),
      )
    },
  )

  const packings = z.record(
    z.string(),
    z.object({ packing: z.string(), shape: z.array(z.number()), block: z.string(), axis: z.number() }),
  )

  test.each(builtInFormats.map(({ name }) => name))(
    '%s --packed unpacks to the weights of the cast, bit for bit',
    async (format) => {
      const options = [
        '--format',
        format,
        '--only',
        'a.weight',
        '--noise',
        'randomized-rounding',
        '--seed',
        '3',
      ]
      const packed = join(folder, 'packed.safetensors')
      expect((await cli('cast', from, to, ...options)).status).toBe(0)
      expect((await cli('cast', from, packed, ...options, '--packed')).stderr).toBe('')
      const { tensors, metadata } = await readSafetensors(packed)
      const record = packings.parse(JSON.parse(metadata['lotion.packed']!))['a.weight']!
      const packing = packingByName(record.packing)
      const streams = Object.fromEntries(
        packing.streams.map((stream) => [stream, tensors[`a.weight.${stream}`]!.bytes]),
      )
      const back = dequantize(
        packing.unpack(streams, layoutOf(record.shape, parseBlock(record.block), record.axis)),
      )
      const cast = (await valuesIn(to))['a.weight']!
      expect(back.findIndex((value, i) => value !== cast[i])).toBe(-1)
      expect(tensors['a.weight']).toBeUndefined()
      expect(Object.keys(tensors)).toEqual(
        expect.arrayContaining(['b.weight', 'norm.weight', 'half.weight', 'ids']),
      )
    },
  )

  test('a second cast of other tensors keeps the record of the first', async () => {
    const twice = join(folder, 'twice.safetensors')
    await cli('cast', from, to, '--format', 'int4', '--only', '^a', '--packed')
    expect((await cli('cast', to, twice, '--format', 'int8', '--only', '^b', '--packed')).status).toBe(0)
    const file = await openSafetensors(twice)
    await file.close()
    const { metadata, tensors } = file
    expect(Object.keys(packings.parse(JSON.parse(metadata['lotion.packed']!)))).toEqual([
      'a.weight',
      'b.weight',
    ])
    expect(JSON.parse(metadata['lotion.cast']!)).toMatchObject([{ format: 'int4' }, { format: 'int8' }])
    expect(tensors['b.weight.codes']).toEqual({ dtype: 'U8', shape: [200] })
  })

  test.each<[string, readonly string[], number, RegExp]>([
    [
      'no match',
      ['--only', 'q_proj'],
      1,
      /expected a tensor of floating-point numbers that matches \/q_proj\/, found norm.weight|found a.weight/,
    ],
    ['no expression', ['--only', '('], 2, /only: expected a regular expression, found '\('/],
    [
      'no axis',
      ['--axis', '2'],
      1,
      /'a.weight': axis: expected a whole number from -2 to 1 for shape \[8, 64\], found 2/,
    ],
    ['seed without a draw', ['--seed', '1'], 2, /seed: nearest rounding draws nothing, found 1/],
    [
      'no rule',
      ['--scale', 'max'],
      2,
      /scale: expected one of absmax, .* or fixed- with a number above 0, found 'max'/,
    ],
    [
      'no law',
      ['--noise', 'gaussian'],
      2,
      /noise: expected a law whose outcomes are grid points, found 'gaussian\(0\.28/,
    ],
    [
      'scales without a place',
      ['--format', 'nvfp4', '--scale', 'absmax', '--packed'],
      2,
      /scale: the bytes of nvfp4 hold scales of e4m3-ceil, found absmax/,
    ],
    [
      'blocks that do not fit',
      ['--format', 'q4_0', '--packed', '--only', '^b'],
      1,
      /found a.weight \(not asked for\), b.weight \(q4_0: layout: expected blocks of 32/,
    ],
  ])('says what is wrong and writes nothing: %s', async (_, options, status, message) => {
    const target = join(folder, 'never.safetensors')
    const before = await readdir(folder)
    const outcome = await cli('cast', from, target, ...options)
    expect(outcome.stderr).toMatch(message)
    expect(outcome).toMatchObject({ status, stdout: '' })
    expect(await readdir(folder)).toEqual(before)
  })

  test('weights that are not finite, damaged files and missing words leave the old file as it was', async () => {
    const [bad, cut] = [join(folder, 'bad.safetensors'), join(folder, 'cut.safetensors')]
    await writeSafetensors(bad, { w: { data: Float32Array.of(1, 2, NaN, 4), shape: [2, 2] } })
    await writeFile(cut, (await readFile(from)).subarray(0, -1))
    await writeFile(to, 'old')
    const before = await readdir(folder)
    for (const [words, status, message] of [
      [[bad, to], 1, /'w': expected finite weights in single precision, found NaN at position 2/],
      [[cut, to], 1, /cannot read .*cut.safetensors: data_offsets of/],
      [[join(folder, 'none'), to], 1, /cannot read .*ENOENT/],
      [[from, join(folder, 'no', 'folder')], 1, /the folder does not exist: create it first/],
      [[from, from], 2, /out: expected another file than the one to read/],
      [[from], 2, /missing required argument 'out'/],
    ] as const) {
      const outcome = await cli('cast', ...words)
      expect(outcome.stderr).toMatch(message)
      expect(outcome.status).toBe(status)
    }
    expect(await readFile(to, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(before)
  })

  test('an interruption leaves nothing', async () => {
    const before = await readdir(folder)
    const outcome = await recordedCli(
      ['cast', from, join(folder, 'never')],
      AbortSignal.abort(new Error('stopped')),
    )
    expect(outcome.status).toBe(130)
    expect(await readdir(folder)).toEqual(before)
  })
})

describe('inspect', () => {
  test('a table with a last line for all; a cast file is on its grid', async () => {
    const { stdout } = await cli('inspect', from, '--format', 'int4')
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toBe('int4, block 32, scale absmax; σ² of randomized rounding, SQNR of the nearest cast')
    expect(lines[2]).toMatch(/^parameter +shape +dtype +bits +saturated +mean σ² +SQNR +on the grid$/)
    expect(lines.find((line) => line.startsWith('ids'))).toMatch(/^ids +3 +I32 +– +– +– +– +–$/)
    expect(lines.at(-4)).toMatch(/^all 3 +716 weights .* dB .* %$/)
    expect(lines.at(-1)).toBe(
      'as they were: I32, no weights or codes of other tools: ids; a vector: norm.weight',
    )
    await cli('cast', from, to, '--format', 'int4')
    const cast = await cli('inspect', to, '--format', 'int4', '--json', '--only', 'a.weight')
    expect(cast.stdout).toContain('"onGrid":1}')
  })
})

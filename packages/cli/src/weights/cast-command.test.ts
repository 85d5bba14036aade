import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSafetensors, toFloat32, writeSafetensors } from '@lotion/checkpoints'
import { castSample, layoutOf, normals, numbersOf } from '@lotion/core'
import { parseBlock } from '@lotion/core/internal'
import { cpuExecutor } from '@lotion/cpu'
import { dequantize, formatByName, int4, packingByName } from '@lotion/formats'
import { builtInNoises, dithered } from '@lotion/noise'
import { castTree } from '@lotion/optim'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { recordedCli } from '../recorded-cli.js'

let folder: string
let [from, to] = ['', '']
const shapes = { 'a.weight': [8, 64], 'b.weight': [4, 50] }
const weights = ['a.weight', 'b.weight'] as const
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-cast-'))
  ;[from, to] = [join(folder, 'in.safetensors'), join(folder, 'out.safetensors')]
  const array = (name: (typeof weights)[number]) => {
    const shape = shapes[name]
    return { data: normals({ seed: 1, stream: name }, shape[0]! * shape[1]!), shape }
  }
  await writeSafetensors(from, { 'a.weight': array('a.weight'), 'b.weight': array('b.weight') })
})
afterAll(() => rm(folder, { recursive: true }))

const cli = (...words: readonly string[]) => recordedCli(words)

async function valuesIn(path: string): Promise<Readonly<Record<string, Float32Array>>> {
  const { tensors } = await readSafetensors(path)
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toFloat32(tensor)]))
}

const packings = z.record(
  z.string(),
  z.object({ packing: z.string(), shape: z.array(z.number()), block: z.string(), axis: z.number() }),
)

describe('cast', () => {
  test.each([
    ['dithered', 1],
    ['dithered:0.3', 0.3],
    ['dithered:0', 0],
  ])('--noise %s is dithered(%d)', async (noise, width) => {
    const { stderr, stdout } = await cli('cast', from, to, '--noise', noise, '--seed', '5')
    expect(stderr).toBe('')
    expect(stdout).toContain(`${noise}, seed 5;`)
    const { metadata } = await readSafetensors(to)
    expect(JSON.parse(metadata['lotion.cast']!)).toMatchObject([{ noise: `dithered(${width})`, seed: 5 }])
    const params = await valuesIn(from)
    const cast = castSample(int4, dithered(width))
    const axes = new Map(weights.map((name) => [name, -1] as const))
    const expected = castTree({ executor: cpuExecutor(), format: int4, cast, params, shapes, axes, seed: 5 })
    const found = await valuesIn(to)
    for (const name of weights) expect(found[name]).toEqual(expected[name])
  })

  test.each(['nvfp4', 'mxfp4', 'q4_0'])(
    'a file that was cast as %s is all on the grid, has no penalty, and is packed as it is',
    async (format) => {
      const again = join(folder, 'again.safetensors')
      // Rows of 64: q4_0 packs whole blocks only.
      const options = ['--format', format, '--only', 'a.weight']
      expect((await cli('cast', from, to, ...options)).stderr).toBe('')
      const lines = (await cli('inspect', to, ...options, '--json')).stdout.trim().split('\n')
      const rows = lines.map((line) =>
        z.looseObject({ parameter: z.string(), onGrid: z.number().nullable() }).parse(JSON.parse(line)),
      )
      expect(rows.find(({ parameter }) => parameter === 'a.weight')).toMatchObject({ onGrid: 1, variance: 0 })
      expect((await cli('cast', to, again, ...options)).stderr).toBe('')
      // Which zero a small negative weight becomes is open.
      const plain = async (path: string): Promise<Float32Array> =>
        (await valuesIn(path))['a.weight']!.map((value) => value + 0)
      expect(await plain(again)).toEqual(await plain(to))
      expect((await cli('cast', to, again, ...options, '--packed')).stderr).toBe('')
      const { tensors } = await readSafetensors(again)
      const packing = packingByName(format)
      const streams = Object.fromEntries(
        packing.streams.map((stream) => [stream, tensors[`a.weight.${stream}`]!.bytes]),
      )
      const layout = layoutOf([8, 64], formatByName(format).block)
      expect(dequantize(packing.unpack(streams, layout)).map((value) => value + 0)).toEqual(await plain(to))
    },
  )

  test('refuses weights beyond what f16 scales cover, and leaves no file', async () => {
    const [wide, out] = [join(folder, 'wide.safetensors'), join(folder, 'wide-out.safetensors')]
    const data = Float32Array.from({ length: 64 }, (_, i) => (i === 0 ? 1e6 : i === 1 ? -5e5 : 1))
    await writeSafetensors(wide, { 'a.weight': { data, shape: [2, 32] } })
    const { stderr, status } = await cli('cast', wide, out, '--format', 'q4_0')
    expect(status).toBe(1)
    expect(stderr).toContain("'a.weight': expected weights of at most 458528")
    expect(stderr).toContain('found 2 beyond it')
    expect(await readdir(folder)).not.toContain('wide-out.safetensors')
  })

  test('--swizzle moves the scales of packed NVFP4 into tiles, says so, and unpacks to the same weights', async () => {
    const tiled = join(folder, 'tiled.safetensors')
    const options = ['--format', 'nvfp4', '--only', 'a.weight', '--packed']
    expect((await cli('cast', from, to, ...options)).stderr).toBe('')
    expect((await cli('cast', from, tiled, ...options, '--swizzle')).stderr).toBe('')
    const [plain, swizzled] = await Promise.all([to, tiled].map((path) => readSafetensors(path)))
    const record = packings.parse(JSON.parse(swizzled!.metadata['lotion.packed']!))['a.weight']!
    expect(record.packing).toBe('nvfp4-swizzled')
    // 8 rows of 4 blocks lie in one tile of 128 rows and 4 blocks, a row every 16 bytes.
    const scales = [plain!, swizzled!].map(({ tensors }) => tensors['a.weight.scales']!.bytes)
    expect(scales.map(({ length }) => length)).toEqual([32, 512])
    expect([...scales[0]!]).toEqual([...scales[0]!.keys()].map((i) => scales[1]![(i >> 2) * 16 + (i & 3)]))
    const layout = layoutOf(record.shape, parseBlock(record.block), record.axis)
    const [one, other] = [plain!, swizzled!].map(({ tensors }, i) => {
      const packing = packingByName(i === 0 ? 'nvfp4' : record.packing)
      const streams = packing.streams.map((name) => [name, tensors[`a.weight.${name}`]!.bytes] as const)
      return dequantize(packing.unpack(Object.fromEntries(streams), layout))
    })
    expect(other).toEqual(one)
  })

  test('its help lists the laws that it takes, and no other', async () => {
    const help = (await cli('cast', '--help')).stdout.replaceAll(/\s+/g, ' ')
    const [listed] = /by a law on the grid: (.*?), or the path/.exec(help)?.slice(1) ?? []
    const words = listed!.split(', ').map((word) => word.replace(/\[.*/, ''))
    for (const family of builtInNoises) {
      const { onGrid } = family.make(numbersOf(family)).claims
      expect([family.name, words.includes(family.name)]).toEqual([family.name, onGrid === true])
      const outcome = await cli('cast', from, to, '--noise', family.name)
      expect([family.name, outcome.status]).toEqual([family.name, onGrid ? 0 : 2])
    }
    expect(help).toContain('with --packed, nvfp4 only:')
  })

  test.each(['never.gguf', 'never.BIN', 'never.pt', 'never.onnx'])(
    'what is written is safetensors, and is not called otherwise: %s',
    async (name) => {
      const before = await readdir(folder)
      const outcome = await cli('cast', from, join(folder, name), '--format', 'q4_0', '--packed')
      expect(outcome).toMatchObject({ status: 2, stdout: '' })
      expect(outcome.stderr).toMatch(
        /out: expected the name of a .safetensors file, .*never\.\w+'; name it '.*never.safetensors'/,
      )
      expect(await readdir(folder)).toEqual(before)
    },
  )

  test.each<[string, readonly string[], number, RegExp]>([
    [
      'no width',
      ['--noise', 'dithered:1.5'],
      2,
      /noise: dithered: the width: expected a number from 0 up to 1, found '1.5'/,
    ],
    ['an empty width', ['--noise', 'dithered:'], 2, /the width: expected a number .*, found ''/],
    ['a number of a law without any', ['--noise', 'smoothstep:0.5'], 2, /expected no numbers, found '0.5'/],
    ['a law that leaves the grid', ['--noise', 'gaussian'], 2, /noise: expected a law whose outcomes are/],
    ['tiles of weights', ['--format', 'nvfp4', '--swizzle'], 2, /swizzle: .*; add --packed/],
    [
      'tiles of another format',
      ['--format', 'mxfp4', '--packed', '--swizzle'],
      2,
      /swizzle: expected --format nvfp4, found mxfp4/,
    ],
    [
      'tiles along another axis',
      ['--format', 'nvfp4', '--packed', '--swizzle', '--axis', '0'],
      1,
      /expected blocks along the last axis for swizzled scales/,
    ],
  ])('says what is wrong and writes nothing: %s', async (_, options, status, message) => {
    const before = await readdir(folder)
    const outcome = await cli('cast', from, join(folder, 'never.safetensors'), ...options)
    expect(outcome.stderr).toMatch(message)
    expect(outcome).toMatchObject({ status, stdout: '' })
    expect(await readdir(folder)).toEqual(before)
  })
})

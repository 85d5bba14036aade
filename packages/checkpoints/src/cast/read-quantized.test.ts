// Codes and scales of weights that were cast: their products are the file's numbers, or they are refused.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blockOf, normals, perTensor, type NumberFormat } from '@lotion/core'
import {
  builtInFormats,
  dequantize,
  int4,
  mseClip,
  mxfp4,
  nvfp4,
  withBlock,
  withScale,
} from '@lotion/formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSafetensors } from '../open-safetensors.js'
import { writeSafetensors } from '../safetensors.js'
import { castFile } from './cast-file.js'
import { readQuantized, weightGrids } from './read-quantized.js'
import { readWeight } from './read-weight.js'

let folder: string
const at = (name: string): string => join(folder, `${name}.safetensors`)
const [ROWS, COLUMNS] = [24, 96]
const weights = normals({ seed: 3, stream: 'w' }, ROWS * COLUMNS).map((w) => w * 0.02)
// A block of zeros, one of −0, and one whose scale is subnormal in f16.
weights.fill(0, 0, 32)
weights.fill(-0, 32, 64)
for (let i = 64; i < 96; i++) weights[i]! *= 1e-5
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-quantized-'))
  await writeSafetensors(at('in'), { 'a.weight': { data: weights, shape: [ROWS, COLUMNS] } })
})
afterAll(() => rm(folder, { recursive: true }))

interface Found {
  readonly cast: Float32Array
  readonly products: Float32Array
  readonly zeros: boolean
}

/** Cast, read codes and scales of the cast, multiply. */
async function throughCodes(
  format: NumberFormat,
  { packed, known }: { readonly packed: boolean; readonly known: boolean },
): Promise<Found> {
  await castFile({ from: at('in'), to: at('cast'), format, packed })
  const [file, source] = [await openSafetensors(at('cast')), await openSafetensors(at('in'))]
  try {
    const { data: cast } = await readWeight(file, 'a.weight')
    const quantized = await readQuantized(file, 'a.weight', known ? { source } : {})
    const grid = weightGrids(file).get('a.weight')!
    expect(grid.format.name).toBe(format.name)
    expect(grid.format.scale.name).toBe(format.scale.name)
    const zeros = Array.from(quantized.values).every((value) => !Object.is(value, -0))
    return { cast, products: dequantize(quantized, 1), zeros }
  } finally {
    await file.close()
    await source.close()
  }
}

const differ = (a: Float32Array, b: Float32Array): number => a.filter((value, i) => value !== b[i]).length
const blocks = { 'blocks of 32': blockOf(32), 'one block': perTensor }

test.each(builtInFormats.map((format) => [format.name, format] as const))(
  '%s: products of codes and scales are the weights, packed or not, with weights before the cast or without',
  async (_, format) => {
    const scaled = format.scale.bits > 0
    for (const packed of format.packing ? [false, true] : [false])
      for (const known of [false, true]) {
        const { cast, products, zeros } = await throughCodes(format, { packed, known })
        expect([packed, known, differ(cast, products)]).toEqual([packed, known, 0])
        expect(zeros).toBe(true)
        if (scaled) expect(cast.some((w) => w !== 0)).toBe(true)
      }
  },
)

test.each(Object.entries(blocks))('int4 with a scale of f32, %s', async (_, block) => {
  for (const known of [false, true]) {
    const { cast, products } = await throughCodes(withBlock(int4, block), { packed: false, known })
    expect(differ(cast, products)).toBe(0)
  }
})

test('a rule that searches its scale', async () => {
  const clipped = withScale(withBlock(int4, blockOf(32)), mseClip())
  for (const known of [false, true]) {
    const { cast, products } = await throughCodes(clipped, { packed: false, known })
    expect(differ(cast, products)).toBe(0)
  }
})

test('a weight that was changed since is refused, by how many', async () => {
  for (const format of [mxfp4, nvfp4, withBlock(int4, blockOf(32))]) {
    await castFile({ from: at('in'), to: at('cast'), format })
    const file = await openSafetensors(at('cast'))
    const { data } = await readWeight(file, 'a.weight')
    const { metadata } = file
    await file.close()
    data[2000]! *= 1.01
    await writeSafetensors(at('changed'), { 'a.weight': { data, shape: [ROWS, COLUMNS] } }, metadata)
    const changed = await openSafetensors(at('changed'))
    try {
      await expect(readQuantized(changed, 'a.weight')).rejects.toThrow(/found \d+ of 2304 that no scale/)
    } finally {
      await changed.close()
    }
  }
})

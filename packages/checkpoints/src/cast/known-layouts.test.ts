// Weights that others quantized, against NumPy and ml_dtypes (golden/make_quantized_weights.py), and one by
// hand.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { castNearest, layoutOf, normals } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4, mxfp4 } from '@lotion/formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { dtypeBits, type Dtype } from '../dtype.js'
import { openSafetensors, readSafetensors } from '../open-safetensors.js'
import { writeSafetensors } from '../safetensors.js'
import { toFloat32 } from '../to-float32.js'
import { castFile } from './cast-file.js'
import { knownLayout } from './known-layouts.js'

const dtype = z.string().refine((text): text is Dtype => Object.hasOwn(dtypeBits, text))
const golden = z
  .record(
    z.string(),
    z.object({
      tensors: z.record(z.string(), z.object({ dtype, shape: z.array(z.int()), bytes: z.string() })),
      weights: z.string(),
    }),
  )
  .parse(JSON.parse(await readFile(new URL('../../golden/quantized-weights.json', import.meta.url), 'utf8')))
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))

let folder: string
let [from, to] = ['', '']
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-known-'))
  ;[from, to] = [join(folder, 'in.safetensors'), join(folder, 'out.safetensors')]
})
afterAll(() => rm(folder, { recursive: true }))

describe.each(Object.entries(golden))('%s', (_, { tensors, weights }) => {
  const expected = new Float32Array(bytesOf(weights).buffer)
  const write = () =>
    writeSafetensors(
      from,
      Object.fromEntries(
        Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, bytes: bytesOf(tensor.bytes) }]),
      ),
    )

  test('is read as NumPy reads it, bit for bit', async () => {
    await write()
    const file = await openSafetensors(from)
    try {
      expect(await knownLayout(file, 'q.weight')!.read(file)).toEqual(expected)
    } finally {
      await file.close()
    }
  })

  test('is cast from these weights; codes and scales are gone', async () => {
    await write()
    const { chosen } = await castFile({ from, to, format: int4 })
    expect(chosen.get('q.weight')!.dtype).toMatch(/^(F8|NVFP4)/)
    const { tensors: found } = await readSafetensors(to)
    expect(Object.keys(found)).toEqual(['q.weight'])
    const layout = layoutOf(found['q.weight']!.shape, int4.block)
    const [out] = cpuExecutor().lanes([{ fn: castNearest(int4), inputs: { w: expected }, layout }])
    expect(toFloat32(found['q.weight']!)).toEqual(out!['w'])
  })
})

test('by hand: F8 codes 1, 2, −0.5 and 448 with a scale a row', async () => {
  const bytes = new Uint8Array([0x38, 0x40, 0xb0, 0x7e])
  await writeSafetensors(from, {
    'q.weight': { dtype: 'F8_E4M3', shape: [2, 2], bytes },
    'q.weight_scale': { data: Float32Array.of(0.5, 3), shape: [2, 1] },
  })
  const file = await openSafetensors(from)
  expect(await knownLayout(file, 'q.weight')!.read(file)).toEqual(Float32Array.of(0.5, 1, -1.5, 1344))
  await file.close()
})

test('what this project packed is unpacked and cast again only as it was cast', async () => {
  const w = { data: normals({ seed: 2, stream: 'w' }, 512), shape: [8, 64] }
  await writeSafetensors(from, { 'a.weight': w, 'b.weight': w })
  const [packed, back] = [join(folder, 'packed.safetensors'), join(folder, 'back.safetensors')]
  await castFile({ from, to: packed, format: mxfp4, packed: true })
  await castFile({ from, to, format: mxfp4 })
  const again = await castFile({ from: packed, to: back, format: mxfp4 })
  expect([...again.chosen].map(([name, { dtype }]) => [name, dtype])).toEqual([
    ['a.weight', 'mxfp4, packed'],
    ['b.weight', 'mxfp4, packed'],
  ])
  const [once, twice] = [await readSafetensors(to), await readSafetensors(back)]
  // Which zero stands for a small negative weight is open.
  const values = ({ tensors }: typeof once) =>
    Object.entries(tensors).map(([name, tensor]) => [name, toFloat32(tensor).map((value) => value + 0)])
  expect(values(twice)).toEqual(values(once))
  expect(twice.metadata['lotion.packed']).toBeUndefined()
})

test('codes of MLX whose width nothing says are not taken for 4 bits', async () => {
  // 64 codes of 8 bits in a group: as many words as 128 of 4 bits.
  const tensors = {
    'q.weight': { dtype: 'U32', shape: [2, 16], bytes: new Uint8Array(128).fill(7) },
    'q.scales': { dtype: 'F16', shape: [2, 1], bytes: new Uint8Array(4) },
    'q.biases': { dtype: 'F16', shape: [2, 1], bytes: new Uint8Array(4) },
  } as const
  await writeSafetensors(from, tensors)
  const file = await openSafetensors(from)
  try {
    expect(knownLayout(file, 'q.weight')).toBeUndefined()
  } finally {
    await file.close()
  }
  await expect(castFile({ from, to, format: int4 })).rejects.toThrow(/q\.weight/)
})

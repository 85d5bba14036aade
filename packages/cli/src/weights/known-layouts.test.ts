// Weights that others quantized, against NumPy and ml_dtypes (golden/make_quantized_weights.py), and one by hand.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  dtypeBits,
  openSafetensors,
  readSafetensors,
  toFloat32,
  writeSafetensors,
  type Dtype,
} from '@lotion/checkpoints'
import { castNearest, layoutOf, normals } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4 } from '@lotion/formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { recordedCli } from '../recorded-cli.js'
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

test('scales of activations go with the codes, and are named', async () => {
  await writeSafetensors(from, {
    'q.weight': { dtype: 'F8_E4M3', shape: [4, 32], bytes: new Uint8Array(128).fill(56) },
    'q.weight_scale': { data: Float32Array.of(0.25, 0.5, 1, 2), shape: [4, 1] },
    'q.input_scale': { data: Float32Array.of(1.7), shape: [1] },
  })
  const { status, stdout } = await recordedCli(['cast', from, to])
  expect(status).toBe(0)
  expect(stdout).toContain('left out, scales of activations: q.input_scale\n')
  const { tensors } = await readSafetensors(to)
  expect(Object.keys(tensors)).toEqual(['q.weight'])
  // The code 56 is 1 in E4M3: each row is its scale.
  expect([...toFloat32(tensors['q.weight']!)].filter((_, i) => i % 32 === 0)).toEqual([0.25, 0.5, 1, 2])
})

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

  test('is cast from these weights; codes and scales are gone, and that is said', async () => {
    await write()
    const { status, stdout, stderr } = await recordedCli(['cast', from, to])
    expect({ status, stderr: stderr.replace(/^warning: .* 10\] has .*\n/, '') }).toEqual({
      status: 0,
      stderr: '',
    })
    expect(stdout).toMatch(/read from codes: (F8|NVFP4).*: q.weight/)
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
  expect((await recordedCli(['cast', from, packed, '--packed', '--format', 'mxfp4'])).status).toBe(0)
  expect((await recordedCli(['cast', from, to, '--format', 'mxfp4'])).status).toBe(0)
  const again = await recordedCli(['cast', packed, back, '--format', 'mxfp4'])
  expect(again.stderr).toBe('')
  expect(again.stdout).toContain('read from codes: mxfp4, packed: a.weight, b.weight')
  const [once, twice] = [await readSafetensors(to), await readSafetensors(back)]
  // Which zero stands for a small negative weight is open.
  const values = ({ tensors }: typeof once) =>
    Object.entries(tensors).map(([name, tensor]) => [name, toFloat32(tensor).map((value) => value + 0)])
  expect(values(twice)).toEqual(values(once))
  expect(twice.metadata['lotion.packed']).toBeUndefined()
})

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSafetensors, toFloat32, writeSafetensors, type RawTensor } from '@lotion/checkpoints'
import { castNearest, layoutOf, normals, sizeOf, type HostArray } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { dequantize, int4, packingByName } from '@lotion/formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { recordedCli } from '../recorded-cli.js'

let folder: string
let [from, to] = ['', '']
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-plan-'))
  ;[from, to] = [join(folder, 'in.safetensors'), join(folder, 'out.safetensors')]
})
afterAll(() => rm(folder, { recursive: true }))

const cli = (...words: readonly string[]) => recordedCli(words)

const array = (shape: readonly number[]): HostArray => ({
  data: normals({ seed: 1, stream: String(shape) }, sizeOf(shape)),
  shape,
})
const raw = (dtype: RawTensor['dtype'], shape: readonly number[], byte = 0x38): RawTensor => ({
  dtype,
  shape,
  bytes: new Uint8Array(
    sizeOf(shape) * { F8_E4M3: 1, U8: 1, I32: 4, F32: 4, BF16: 2 }[dtype as 'U8'] || 0,
  ).fill(byte),
})
const write = (tensors: Readonly<Record<string, HostArray | RawTensor>>) => writeSafetensors(from, tensors)
const records = z.array(
  z.object({
    parameter: z.string(),
    bitsPerWeight: z.number().nullable(),
    reason: z.string().nullable(),
    axis: z.string().nullable(),
  }),
)
const planOf = async (...options: readonly string[]) => {
  const outcome = await cli('cast', from, to, '--json', ...options)
  expect(outcome.status, outcome.stderr).toBe(0)
  const lines = outcome.stdout.trimEnd().split('\n')
  return { ...outcome, plan: records.parse(lines.map((line): unknown => JSON.parse(line))) }
}

describe('convolutions', () => {
  test('have blocks over the flattened inputs, in both orders of storing, packed too', async () => {
    const shapes = {
      'conv1.weight': [128, 129, 3],
      'net/conv2d/kernel': [3, 3, 32, 24],
      'dw/depthwise_kernel': [8, 8, 4, 1],
    }
    await write(Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, array(shape)])))
    const { plan, stderr } = await planOf('--format', 'int4', '--packed')
    expect(stderr).toBe('')
    expect(plan.map(({ parameter, axis }) => [parameter, axis])).toEqual(
      expect.arrayContaining([
        ['conv1.weight', '1..2'],
        ['net/conv2d/kernel', '0..2'],
        ['dw/depthwise_kernel', '0..1'],
      ]),
    )
    for (const { bitsPerWeight } of plan) expect(bitsPerWeight).toBeLessThanOrEqual(5.1)
    const { tensors, metadata } = await readSafetensors(to)
    const packed = z
      .record(z.string(), z.object({ axis: z.tuple([z.int(), z.int()]) }))
      .parse(JSON.parse(metadata['lotion.packed']!))
    for (const [name, shape] of Object.entries(shapes)) {
      const layout = layoutOf(shape, int4.block, packed[name]!.axis)
      const streams = Object.fromEntries(['codes', 'scales'].map((s) => [s, tensors[`${name}.${s}`]!.bytes]))
      const [out] = cpuExecutor().lanes([
        { fn: castNearest(int4), inputs: { w: array(shape).data as Float32Array }, layout },
      ])
      expect(dequantize(packingByName('int4').unpack(streams, layout))).toEqual(out!['w'])
    }
    const { stdout } = await cli('inspect', from, '--axis', '0..1', '--only', 'conv2d')
    expect(stdout).toContain('blocks of 9 along 0..1: net/conv2d/kernel')
  })

  test('blocks smaller than asked for, or dearer than the format, are a warning', async () => {
    await write({ 'conv1.weight': array([128, 129, 3]), 'a.weight': array([8, 64]) })
    const { stderr } = await planOf('--axis', '-1')
    expect(stderr).toBe(
      'warning: int4 has 5.00 bits a weight in blocks of 32, but conv1.weight [128, 129, 3] has blocks of 3 along -1, ' +
        '14.7 bits a weight; choose --axis, or leave such tensors out with --only\n',
    )
    expect((await planOf('--block', 'row', '--axis', '-1')).stderr).toMatch(
      /^warning: int4 has 4.00 bits a weight, but conv1/,
    )
    expect((await planOf()).stderr).toBe('')
  })
})

test('names tell what is cast; the rest is listed with the reason', async () => {
  const names = {
    'transformer.wte.weight': 'an embedding',
    'transformer.wpe.weight': 'an embedding',
    'token_embd.weight': 'an embedding',
    'output.weight': 'the head',
    'shared.weight': 'an embedding',
    'mlp.gate.weight': 'a router',
    A_log: 'a logarithm of rates',
    'multi_head_attention/query/kernel': null,
    'normal_map_conv.weight': null,
    'heads.0.q.weight': null,
  }
  await write({
    ...Object.fromEntries(Object.keys(names).map((name) => [name, array([32, 64])])),
    cls_token: array([1, 1, 32]),
  })
  const { plan } = await planOf()
  expect(Object.fromEntries(plan.map(({ parameter, reason }) => [parameter, reason]))).toEqual({
    ...names,
    cls_token: 'a learned token',
  })
  const { stdout } = await cli('cast', from, to)
  expect(stdout).toMatch(
    /3 of 11 tensors .*\n {2}5.00 bits a weight: blocks of 32 along .*\n {2}as they were: .*cls_token/,
  )
})

test('a tensor that a packing cannot hold stays as it is and is listed; the others are packed', async () => {
  await write({ 'a.weight': array([8, 50]), 'b.weight': array([8, 64]) })
  const { stdout, status } = await cli('cast', from, to, '--format', 'q8_0', '--packed')
  expect(status).toBe(0)
  expect(stdout).toMatch(/1 of 2 tensors \(512 weights\) packed as q8_0/)
  expect(stdout).toMatch(/as they were: q8_0: layout: expected blocks of 32 .*length 50: a.weight/)
  const { tensors, metadata } = await readSafetensors(to)
  expect(Object.keys(tensors).sort()).toEqual(['a.weight', 'b.weight.blocks'])
  expect(toFloat32(tensors['a.weight']!)).toEqual(array([8, 50]).data)
  expect(Object.keys(JSON.parse(metadata['lotion.grid']!) as object)).toEqual(['b.weight'])
})

describe('weights that are quantized already', () => {
  const refused = async (message: RegExp, ...options: readonly string[]): Promise<void> => {
    const before = await readdir(folder)
    const outcome = await cli('cast', from, join(folder, 'never'), ...options)
    expect(outcome.stderr).toMatch(message)
    expect(outcome).toMatchObject({ status: 1, stdout: '' })
    expect(await readdir(folder)).toEqual(before)
  }

  test.each<[string, Readonly<Record<string, HostArray | RawTensor>>, RegExp]>([
    [
      'F8 with scales of a shape that says nothing',
      { 'q.weight': raw('F8_E4M3', [128, 128]), 'q.weight_scale_inv': array([2, 1]) },
      /'q.weight' is quantized already, .*q.weight F8_E4M3 \[128, 128\], q.weight_scale_inv F32 \[2, 1\]/,
    ],
    [
      'F8 alone',
      { 'q.weight': raw('F8_E4M3', [8, 8]) },
      /q.weight \(F8_E4M3, no weights or codes of other tools\)/,
    ],
    [
      'GPTQ, AWQ',
      {
        'q.qweight': raw('I32', [8, 8]),
        'q.qzeros': raw('I32', [1, 8]),
        'q.scales': array([8, 64]),
        'q.g_idx': raw('I32', [8]),
      },
      /'q.weight' is quantized already, .*q.qweight I32 \[8, 8\], q.qzeros/,
    ],
    [
      'bitsandbytes',
      {
        'q.weight': raw('U8', [32, 1]),
        'q.weight.absmax': array([1]),
        'q.weight.quant_map': array([16]),
        'q.weight.quant_state.bitsandbytes__nf4': raw('U8', [8]),
      },
      /'q.weight' is quantized already, .*q.weight U8 \[32, 1\], q.weight.absmax/,
    ],
    [
      'MLX',
      { 'q.weight': raw('I32', [8, 8]), 'q.scales': array([8, 2]), 'q.biases': array([8, 2]) },
      /'q.weight' is quantized already, .*q.scales F32 \[8, 2\]/,
    ],
    [
      'MX of gpt-oss',
      { 'm.gate_up_proj_blocks': raw('U8', [2, 8, 2, 16]), 'm.gate_up_proj_scales': raw('U8', [2, 8, 2]) },
      /'m.gate_up_proj' is quantized already, .*gate_up_proj_blocks/,
    ],
  ])('are refused by name where the layout is not known: %s', async (_, tensors, message) => {
    await write(tensors)
    await refused(message)
    // Their scales are no weights either, also where they are asked for.
    await write({ ...tensors, 'b.weight': array([8, 64]) })
    const only = await planOf('--only', '^b')
    expect(only.plan.filter(({ reason }) => reason === null).map(({ parameter }) => parameter)).toEqual([
      'b.weight',
    ])
    const before = await readSafetensors(from)
    const after = await readSafetensors(to)
    for (const name of Object.keys(tensors)) expect(after.tensors[name]).toEqual(before.tensors[name])
  })

  test('scales beside weights in full precision are never cast', async () => {
    await write({
      'q.weight': array([8, 64]),
      'q.weight_scale': array([8, 64]),
      'q.input_scale': array([2, 2]),
    })
    const { plan } = await planOf('--only', '.')
    expect(plan.map(({ parameter, reason }) => [parameter, reason])).toEqual(
      expect.arrayContaining([
        ['q.weight', null],
        ['q.weight_scale', 'belongs to q.weight'],
        ['q.input_scale', 'belongs to q.weight'],
      ]),
    )
  })
})

test('scales of activations go with the codes, and are named', async () => {
  await writeSafetensors(from, {
    'q.weight': { dtype: 'F8_E4M3', shape: [4, 32], bytes: new Uint8Array(128).fill(56) },
    'q.weight_scale': { data: Float32Array.of(0.25, 0.5, 1, 2), shape: [4, 1] },
    'q.input_scale': { data: Float32Array.of(1.7), shape: [1] },
  })
  const { status, stdout } = await cli('cast', from, to)
  expect(status).toBe(0)
  expect(stdout).toContain('left out, scales of activations: q.input_scale\n')
  const { tensors } = await readSafetensors(to)
  expect(Object.keys(tensors)).toEqual(['q.weight'])
  // The code 56 is 1 in E4M3: each row is its scale.
  expect([...toFloat32(tensors['q.weight']!)].filter((_, i) => i % 32 === 0)).toEqual([0.25, 0.5, 1, 2])
})

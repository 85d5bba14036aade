// Checkpoints in layouts that are not known here, as their tools name and shape them, and integers that are
// no codes.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dtypeBits, readSafetensors, writeSafetensors, type Dtype, type RawTensor } from '@lotion/checkpoints'
import { sizeOf } from '@lotion/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { recordedCli } from '../recorded-cli.js'

let folder: string
let [from, to] = ['', '']
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-codes-'))
  ;[from, to] = [join(folder, 'in.safetensors'), join(folder, 'out.safetensors')]
})
afterAll(() => rm(folder, { recursive: true }))

type Header = Readonly<Record<string, readonly [Dtype, readonly number[]]>>
const record = z.object({ parameter: z.string(), reason: z.string().nullable() })

/** A file of these tensors and of a weight `b.weight`, which is cast in any case. */
const write = (header: Header) =>
  writeSafetensors(
    from,
    Object.fromEntries(
      Object.entries({ ...header, 'b.weight': ['F32', [8, 64]] } satisfies Header).map(
        ([name, [dtype, shape]]): [string, RawTensor] => [
          name,
          { dtype, shape, bytes: new Uint8Array((sizeOf(shape) * dtypeBits[dtype]) / 8).fill(0x38) },
        ],
      ),
    ),
  )
const castOf = async (...options: readonly string[]): Promise<readonly string[]> => {
  const { status, stdout, stderr } = await recordedCli(['cast', from, to, '--json', ...options])
  expect(status, stderr).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  return lines
    .map((line) => record.parse(JSON.parse(line)))
    .flatMap(({ parameter, reason }) => (reason === null ? [parameter] : []))
}
const refused = async (message: string, ...options: readonly string[]): Promise<void> => {
  const before = await readdir(folder)
  const never = join(folder, 'never.safetensors')
  for (const words of [
    ['cast', from, never],
    ['inspect', from],
  ]) {
    const outcome = await recordedCli([...words, ...options])
    expect(outcome).toMatchObject({ status: 1, stdout: '' })
    expect(outcome.stderr).toContain(message)
  }
  expect(await readdir(folder)).toEqual(before)
}
const escaped = (name: string): string => `^${name.replaceAll('.', '\\.')}$`

describe('floats beside codes in a layout that is not known', () => {
  test.each<[string, codes: string, scales: string, Header]>([
    ['Marlin', 'l.B', 'l.s', { 'l.B': ['I32', [8, 128]], 'l.s': ['F16', [2, 64]] }],
    [
      'HQQ',
      'l.W_q',
      'l.scale',
      { 'l.W_q': ['U8', [32, 64]], 'l.scale': ['F16', [64, 2]], 'l.zero': ['F16', [64, 2]] },
    ],
    [
      'AQLM',
      'l.codes',
      'l.codebooks',
      {
        'l.codes': ['I16', [64, 8, 1]],
        'l.codebooks': ['F16', [1, 256, 1, 8]],
        'l.scales': ['F16', [64, 1, 1, 1]],
      },
    ],
    [
      'VPTQ',
      'l.indices',
      'l.centroids.weight',
      { 'l.indices': ['I16', [1, 8, 64]], 'l.centroids.weight': ['F16', [256, 8]] },
    ],
    [
      'codes as I64',
      'l.Qidxs',
      'l.codebook',
      { 'l.Qidxs': ['I64', [64, 8]], 'l.codebook': ['F32', [256, 8]] },
    ],
    [
      'torchao, underscores',
      'l._weight_qdata',
      'l._weight_scale',
      { 'l._weight_qdata': ['I8', [64, 64]], 'l._weight_scale': ['F32', [64, 2]] },
    ],
    [
      'torchao, colons',
      'l.weight:_data',
      'l.weight:_scale',
      { 'l.weight:_data': ['I8', [64, 64]], 'l.weight:_scale': ['F32', [64, 2]] },
    ],
    [
      'quanto',
      'l.weight._data',
      'l.weight._scale',
      { 'l.weight._data': ['I8', [64, 64]], 'l.weight._scale': ['F32', [64, 2]] },
    ],
    [
      'quanto, packed',
      'l.weight._data._data',
      'l.weight._scale',
      { 'l.weight._data._data': ['U8', [32, 64]], 'l.weight._scale': ['F32', [64, 2]] },
    ],
    [
      'LoftQ',
      'l.quantized_weight',
      'l.quantizer_scales',
      { 'l.quantized_weight': ['U8', [2048, 1]], 'l.quantizer_scales': ['F32', [64, 2]] },
    ],
    ['integers', 'l.weight', 'l.scale', { 'l.weight': ['I8', [64, 64]], 'l.scale': ['F32', [64, 2]] }],
    ['short names', 'l.wq', 'l.wscale', { 'l.wq': ['I8', [64, 64]], 'l.wscale': ['F32', [64, 2]] }],
    ['a vector of bytes', 'l.q', 'l.scale', { 'l.q': ['U8', [2048]], 'l.scale': ['F32', [64, 2]] }],
    ['Keras', 'l/kernel', 'l/scale', { 'l/kernel': ['I8', [64, 64]], 'l/scale': ['F32', [2, 64]] }],
    ['one layer', 'wq', 'wscale', { wq: ['I8', [64, 64]], wscale: ['F32', [64, 2]] }],
    ['DeepSeek', 'q.weight', 'q.scale', { 'q.weight': ['F8_E4M3', [256, 128]], 'q.scale': ['F32', [2, 1]] }],
    [
      'ComfyUI',
      'q.weight',
      'q.scale_weight',
      { 'q.weight': ['F8_E4M3', [256, 64]], 'q.scale_weight': ['F32', [256, 1]] },
    ],
    [
      'NVFP4 of experts',
      'm.experts.gate_up_proj',
      'm.experts.gate_up_proj_weight_scale_2',
      {
        'm.experts.gate_up_proj': ['U8', [2, 64, 32]],
        'm.experts.gate_up_proj_weight_scale': ['F8_E4M3', [2, 64, 4]],
        'm.experts.gate_up_proj_weight_scale_2': ['F32', [2, 1]],
      },
    ],
    [
      'four bits a number',
      'l.weight',
      'l.scale',
      { 'l.weight': ['F4', [64, 64]], 'l.scale': ['F32', [64, 2]] },
    ],
    [
      'positions in bytes',
      'l.rel_pos',
      'l.step',
      { 'l.rel_pos': ['I8', [64, 64]], 'l.step': ['F32', [64, 2]] },
    ],
    [
      'codes far inside a parameter',
      'l.weight.impl.data',
      'l.scale',
      { 'l.weight.impl.data': ['I8', [64, 64]], 'l.scale': ['F32', [64, 2]] },
    ],
    [
      'codes in private parts of a layer',
      'l._store._parts.data',
      'l.scale',
      { 'l._store._parts.data': ['I8', [64, 64]], 'l.scale': ['F32', [64, 2]] },
    ],
    [
      'scales in a module below',
      'l.weight',
      'l.quantizer.scale',
      { 'l.weight': ['I8', [64, 64]], 'l.quantizer.scale': ['F32', [64, 2]] },
    ],
    [
      'scales far below',
      'l.weight',
      'l.weight_quantizers.0.inner.scale',
      { 'l.weight': ['I8', [64, 64]], 'l.weight_quantizers.0.inner.scale': ['F32', [64, 2]] },
    ],
    [
      'scales in the module above',
      'l.linear.weight',
      'l.scale',
      { 'l.linear.weight': ['I8', [64, 64]], 'l.scale': ['F32', [64, 2]] },
    ],
  ])('are refused by name unless --only tells them apart: %s', async (_, codes, scales, header) => {
    await write(header)
    const named = (name: string): string => `'${name}' ${header[name]![0]} [${header[name]![1].join(', ')}]`
    await refused(`${named(scales)} beside ${named(codes)}`)
    await refused(`match it and not '${codes}'`, '--only', '.')
    await refused(`--only <regexp>: to cast '${scales}' as weights`, '--only', '^[lmqw]')
    expect(await castOf('--only', '^b')).toEqual(['b.weight'])
    const [before, after] = [await readSafetensors(from), await readSafetensors(to)]
    for (const name of Object.keys(header)) expect(after.tensors[name]).toEqual(before.tensors[name])
    expect(await castOf('--only', escaped(scales))).toEqual([scales])
  })

  test('of many, a few are listed', async () => {
    const layers = Object.fromEntries(
      Array.from({ length: 5 }, (_, i): [string, Header[string]][] => [
        [`${i}.B`, ['I32', [8, 128]]],
        [`${i}.s`, ['F16', [2, 64]]],
      ]).flat(),
    )
    await write(layers)
    await refused(`'2.s' F16 [2, 64] beside '2.B' I32 [8, 128] and 2 more; dequantize the file with the tool`)
    expect(await castOf('--only', 's$')).toEqual(['0.s', '1.s', '2.s', '3.s', '4.s'])
  })
})

test.each<[string, Header, readonly string[]]>([
  [
    'Swin',
    {
      'attn.relative_position_index': ['I64', [49, 49]],
      'attn.relative_position_bias_table': ['F32', [169, 4]],
      'attn.relative_coords_table': ['F32', [1, 13, 13, 2]],
      'attn.qkv.weight': ['F32', [96, 32]],
    },
    ['attn.relative_coords_table', 'attn.qkv.weight'],
  ],
  [
    'BERT, CLIP',
    {
      'embeddings.position_ids': ['I64', [1, 64]],
      'embeddings.token_type_ids': ['I64', [1, 64]],
      'embeddings.projection': ['F32', [32, 32]],
      'encoder.0.query.weight': ['F32', [32, 32]],
    },
    ['encoder.0.query.weight'],
  ],
  [
    'masks of GPT-2',
    {
      'attn.bias': ['U8', [1, 1, 16, 16]],
      'attn.c_attn.weight': ['F32', [32, 96]],
      'attn.w': ['F32', [32, 32]],
    },
    ['attn.c_attn.weight', 'attn.w'],
  ],
  [
    'masks of attention and of pruning',
    {
      'attn.causal_mask': ['BOOL', [16, 16]],
      'attn.w': ['F32', [32, 32]],
      'l.weight_mask': ['I8', [32, 32]],
      'l.weight_orig': ['F32', [32, 32]],
    },
    ['attn.w', 'l.weight_orig'],
  ],
  ['LeViT', { 'attn.attention_bias_idxs': ['I64', [16, 16]], 'attn.w': ['F32', [32, 32]] }, ['attn.w']],
  [
    'batch norm, lengths, ids',
    {
      'conv.num_batches_tracked': ['I64', []],
      'conv.weight': ['F32', [8, 4, 3, 3]],
      'l.order': ['I32', [32]],
      'l.weight': ['F32', [32, 32]],
      'l.flags': ['U8', [32]],
    },
    ['conv.weight', 'l.weight'],
  ],
  [
    'indices of a name that is not known, in a module above',
    { 'moe.table': ['I64', [16, 2]], 'moe.up.weight': ['F32', [32, 32]] },
    ['moe.up.weight'],
  ],
  [
    'codes of another layer',
    {
      'h.0.mlp.up.weight': ['I8', [32, 32]],
      'h.0.mlp.up.scale': ['F32', [32]],
      'h.0.mlp.down.weight': ['F32', [32, 32]],
      'h.0.attn.q.weight': ['F32', [32, 32]],
    },
    ['h.0.mlp.down.weight', 'h.0.attn.q.weight'],
  ],
  [
    'integers beside weights in full precision that other tools name',
    { 'l.weight': ['F32', [32, 32]], 'l.weight_zero_point': ['I8', [32, 2]] },
    ['l.weight'],
  ],
  ['complex rotations', { 'rope.freqs_cis': ['C64', [16, 8]], 'rope.w': ['F32', [32, 32]] }, ['rope.w']],
])('integers that are no codes stop nothing: %s', async (_, header, chosen) => {
  await write(header)
  expect([...(await castOf())].sort()).toEqual([...chosen, 'b.weight'].sort())
  const [before, after] = [await readSafetensors(from), await readSafetensors(to)]
  for (const name of Object.keys(header).filter((key) => !chosen.includes(key)))
    expect(after.tensors[name]).toEqual(before.tensors[name])
})

// A GGUF file read as a checkpoint: what inspecting, planning and reading a weight see of it.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { int4 } from '@lotion/formats'
import { gguf } from '@lotion/test-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { castFile } from '../cast/cast-file.js'
import { inspectWeights } from '../cast/inspect-weights.js'
import { readWeight } from '../cast/read-weight.js'
import { planWeights } from '../cast/weight-plan.js'
import { openCheckpoint } from '../open-checkpoint.js'
import { toFloat32 } from '../to-float32.js'

const { entry, ggufBytes, pair, text, u32, u64 } = gguf

let folder: string
let path: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-gguf-checkpoint-'))
  path = join(folder, 'model.GGUF')
  // Two rows of 32 in Q8_0, of scale 1 and 2: −16 … 15, and the same times 2.
  const codes = Array.from({ length: 32 }, (_, i) => (i - 16) & 255)
  const quantized = Buffer.from([0, 0x3c, ...codes, 0, 0x40, ...codes])
  const data = Buffer.alloc(32 * 5 + 66)
  data.set(quantized)
  data.writeFloatLE(1.5, 96)
  await writeFile(
    path,
    ggufBytes({
      pairs: [
        pair('general.architecture', 8, text('llama')),
        pair('general.size', 10, u64(7)),
        pair('tokenizer.ggml.tokens', 9, u32(8), u64(1), text('a')),
      ],
      entries: [
        entry('blk.0.attn_q.weight', [32, 2], 8, 0),
        entry('blk.0.attn_norm.weight', [1], 0, 96),
        entry('blk.0.ffn_up.weight', [256, 1], 16, 128),
      ],
      data: data.subarray(0, 128 + 66),
    }),
  )
})
afterAll(() => rm(folder, { recursive: true }))

const first = Float32Array.from({ length: 32 }, (_, i) => i - 16)
const weights = Float32Array.from([...first, ...first.map((x) => 2 * x)])

test('its tensors are f32, with the type that they are stored as; arrays of metadata stay away', async () => {
  const file = await openCheckpoint(path)
  expect({ ...file.metadata }).toEqual({ 'general.architecture': 'llama', 'general.size': '7' })
  expect({ ...file.tensors }).toEqual({
    'blk.0.attn_q.weight': { dtype: 'F32', shape: [2, 32], stored: 'Q8_0' },
    'blk.0.attn_norm.weight': { dtype: 'F32', shape: [1], stored: 'F32' },
    'blk.0.ffn_up.weight': { dtype: 'U8', shape: [1, 256], stored: 'IQ2_XXS' },
  })
  const name = 'blk.0.attn_q.weight'
  expect(toFloat32(await file.tensor(name))).toEqual(weights)
  const into = new Uint8Array(20)
  const part = await file.part(name, 31, 3, into)
  expect(toFloat32(part)).toEqual(weights.subarray(31, 34))
  expect(part.bytes.buffer).toBe(into.buffer)
  await expect(file.part(name, 0, 6, into)).rejects.toThrow('into: expected at least 24 bytes, found 20')
  const pieces: number[] = []
  for await (const piece of file.pieces(name)) pieces.push(...piece)
  expect(Uint8Array.from(pieces)).toEqual(new Uint8Array(weights.buffer))
  expect(await readWeight(file, name)).toEqual({ data: weights, shape: [2, 32] })
  await expect(readWeight(file, 'blk.0.ffn_up.weight')).rejects.toThrow(
    /found IQ2_XXS, which is not read here/,
  )
  await expect(file.pieces('none').next()).rejects.toThrow(/expected a tensor of the name 'none'/)
  await file.close()
})

test('its weights are chosen and measured; what is not read is told by its type', async () => {
  const file = await openCheckpoint(path)
  const plan = planWeights(file, { format: int4 })
  expect([...plan.chosen].map(([name, { dtype }]) => [name, dtype])).toEqual([
    ['blk.0.attn_q.weight', 'Q8_0'],
  ])
  expect([...plan.kept].map(([name, { dtype, reason }]) => [name, dtype, reason])).toEqual([
    ['blk.0.attn_norm.weight', 'F32', 'a vector'],
    ['blk.0.ffn_up.weight', 'IQ2_XXS', 'IQ2_XXS, a type that is not read here'],
  ])
  for await (const { notFinite, sums } of inspectWeights(file, plan, int4))
    expect([notFinite, sums?.weights]).toEqual([0, 64])
  await file.close()
})

test('a cast of it is refused by name', async () => {
  await expect(castFile({ from: path, to: join(folder, 'out.safetensors'), format: int4 })).rejects.toThrow(
    /^from: expected a safetensors checkpoint, found the GGUF file '.*model\.GGUF'.*hfTensors/,
  )
})

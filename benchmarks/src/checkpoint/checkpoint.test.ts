// `lotion bench checkpoint` on the smallest model that a GGUF file can hold: what it measures is there, what
// it cannot read is refused by name.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import type { CliContext } from '@lotion/cli'
import { normals } from '@lotion/core'
import { gguf } from '@lotion/test-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { benchCommand } from '../harness/workload.js'
import { checkpoint } from './workload.js'

const { entry, ggufBytes, pair, text, u32 } = gguf
const [WIDTH, HIDDEN, VOCABULARY, CONTEXT] = [32, 64, 40, 16]

const f32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}
const whole = (key: string, value: number): Buffer => pair(`llama.${key}`, 4, u32(value))

/** One layer; extents as the file has them, the first one fastest. */
const tensors: Readonly<Record<string, readonly number[]>> = {
  'token_embd.weight': [WIDTH, VOCABULARY],
  'output_norm.weight': [WIDTH],
  'blk.0.attn_norm.weight': [WIDTH],
  'blk.0.attn_q.weight': [WIDTH, WIDTH],
  'blk.0.attn_k.weight': [WIDTH, WIDTH],
  'blk.0.attn_v.weight': [WIDTH, WIDTH],
  'blk.0.attn_output.weight': [WIDTH, WIDTH],
  'blk.0.ffn_norm.weight': [WIDTH],
  'blk.0.ffn_gate.weight': [WIDTH, HIDDEN],
  'blk.0.ffn_up.weight': [WIDTH, HIDDEN],
  'blk.0.ffn_down.weight': [HIDDEN, WIDTH],
}
const sizeOf = (extents: readonly number[]): number => extents.reduce((size, extent) => size * extent, 1)
const parameters = Object.values(tensors).reduce((sum, extents) => sum + sizeOf(extents), 0)
const quantized = parameters - WIDTH * (VOCABULARY + 3)

/** A llama as llama.cpp writes it, or another one. */
function model(architecture = 'llama', left: readonly string[] = []): Buffer {
  const kept = Object.entries(tensors).filter(([name]) => !left.includes(name))
  let offset = 0
  const entries = kept.map(([name, extents]) => {
    const at = offset
    offset += 4 * sizeOf(extents)
    return entry(name, extents, 0, at)
  })
  const values = kept.flatMap(([name, extents]) => {
    const drawn = normals({ seed: 1, stream: name }, sizeOf(extents))
    return Array.from(drawn, (z) => (name.includes('norm') ? 1 : 0.05 * z))
  })
  return ggufBytes({
    pairs: [
      pair('general.architecture', 8, text(architecture)),
      whole('block_count', 1),
      whole('context_length', CONTEXT),
      whole('embedding_length', WIDTH),
      whole('feed_forward_length', HIDDEN),
      whole('attention.head_count', 2),
      pair('llama.attention.layer_norm_rms_epsilon', 6, f32(1e-5)),
    ],
    entries,
    data: new Uint8Array(Float32Array.from(values).buffer),
  })
}

let folder = ''
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-bench-checkpoint-'))
  await writeFile(at('model.gguf'), model())
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Run the command; what it wrote, and what ended it. */
async function measured(file: string, more: Readonly<Record<string, string>> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const context = { stdout, stderr, signal: new AbortController().signal } as unknown as CliContext
  const raw = {
    file: at(file),
    format: 'q4_0',
    batch: '2',
    context: '8',
    rounds: '3',
    threads: '1',
    withTorch: false,
    json: true,
    ...more,
  }
  const error: unknown = await benchCommand(checkpoint)
    .run(raw, context)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    )
  return { stdout: String(stdout.read() ?? ''), error }
}

test('tells times, speed and memory of each side, finite, with what was trained', async () => {
  const { stdout, error } = await measured('model.gguf')
  expect(error).toBeUndefined()
  const rows = stdout.trimEnd().split('\n')
  // The other side was not asked for, and is told to be missing.
  expect(rows.slice(1).map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { engine: 'PyTorch', skipped: expect.stringContaining('--with-torch') as string },
  ])
  const row = JSON.parse(rows[0]!) as Readonly<Record<string, never>>
  expect(row).toMatchObject({
    engine: 'traced',
    optimizer: 'LOTION q4_0 over AdamW, clipped',
    ratio: null,
    parameters,
    quantized,
    tokens: 16,
    threads: 1,
    rounds: 3,
    format: 'q4_0',
  })
  const { milliseconds, tokensPerSecond, peakBytes } = row as unknown as {
    readonly milliseconds: { readonly median: number; readonly min: number; readonly max: number }
    readonly tokensPerSecond: number
    readonly peakBytes: number
  }
  const { median, min, max } = milliseconds
  expect(min).toBeGreaterThan(0)
  expect([min, median, max]).toEqual([min, median, max].toSorted((a, b) => a - b))
  expect(tokensPerSecond).toBeCloseTo((16 / median) * 1000, 6)
  // More than the weights, less than the machine.
  expect(peakBytes).toBeGreaterThan(4 * parameters)
  expect(Number.isFinite(peakBytes)).toBe(true)
})

test.each<[string, Buffer, Readonly<Record<string, string>>, RegExp]>([
  ['text', Buffer.from('Once upon a time there was no model at all.'), {}, /expected 'GGUF' at the start/],
  ['another-architecture', model('mamba'), {}, /general\.architecture: expected .*llama.*, found '?mamba/],
  ['less', model('llama', ['blk.0.ffn_up.weight']), {}, /mlp\.up_proj\.weight/],
  ['format', model(), { format: 'q4_9' }, /format: expected .* found 'q4_9'/],
  ['batch', model(), { batch: '0' }, /batch: expected a whole number from 1 up to 1048576, found '0'/],
  ['context', model(), { context: '17' }, /context: expected .*16.*, found 17/],
])('refuses what it cannot train, by name: %s', async (name, bytes, more, message) => {
  await writeFile(at(`${name}.gguf`), bytes)
  const { stdout, error } = await measured(`${name}.gguf`, more)
  expect(stdout).toBe('')
  expect((error as Error).message).toMatch(message)
})

test('refuses a file that is not there by its path', async () => {
  const { error } = await measured('none.gguf')
  expect((error as Error).message).toMatch(/none\.gguf/)
})

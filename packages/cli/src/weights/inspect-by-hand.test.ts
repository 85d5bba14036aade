// What `lotion inspect` measures, on weights whose figures can be computed by hand.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeSafetensors } from '@lotion/checkpoints'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordedCli } from '../recorded-cli.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-inspect-'))
})
afterAll(() => rm(folder, { recursive: true }))

const cli = (...words: readonly string[]) => recordedCli(words)

describe('inspect', () => {
  // Fixed scale 1 on −7 … 7: 8.5 is beyond; 0.5 has σ² = ¼, 2.25 has 3/16; 3 is a point. 8.5 is cast to 7:
  // σ² = 1.5².
  const known = { data: Float32Array.of(0.5, 2.25, 3, 8.5), shape: [2, 2] }
  const errors = [0.5, 0.25, 0, 1.5]

  test('measures what can be computed by hand', async () => {
    const path = join(folder, 'known.safetensors')
    await writeSafetensors(path, { w: known, bias: { data: new Float32Array(2), shape: [2] } })
    const { stdout, stderr, status } = await cli('inspect', path, '--scale', 'fixed-1', '--json')
    expect(stderr).toMatch(/w \[2, 2\] has blocks of 2 along -1, 4.00 bits a weight/)
    expect(status).toBe(0)
    const [bias, w] = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    const none = {
      saturated: null,
      variance: null,
      sqnr: null,
      onGrid: null,
      format: null,
      scale: null,
      block: null,
      axis: null,
      blockSize: null,
      bitsPerWeight: null,
      reason: 'a vector',
    }
    expect(bias).toEqual({ parameter: 'bias', dtype: 'F32', shape: [2], notFinite: 0, ...none })
    const squares = (values: Iterable<number>): number => [...values].reduce((sum, x) => sum + x * x, 0)
    expect(w).toEqual({
      parameter: 'w',
      dtype: 'F32',
      shape: [2, 2],
      format: 'int4',
      scale: 'fixed-1',
      block: '32',
      axis: '-1',
      blockSize: 2,
      bitsPerWeight: 4,
      reason: null,
      notFinite: 0,
      saturated: 0.25,
      // √(3/16) is rounded to f32 before it is squared.
      variance: expect.closeTo((1 / 4 + 3 / 16 + 9 / 4) / 4, 6) as number,
      sqnr: 10 * Math.log10(squares(known.data) / squares(errors)),
      onGrid: 0.25,
    })
  })

  test('counts weights that are not finite', async () => {
    const path = join(folder, 'infinite.safetensors')
    await writeSafetensors(path, { w: { data: Float32Array.of(1, Infinity, NaN, 4), shape: [2, 2] } })
    expect((await cli('inspect', path, '--json')).stdout).toContain('"notFinite":2,"saturated":null')
    expect((await cli('inspect', path)).stdout).toMatch(/2 not finite/)
  })
})

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GradientStep, Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4 } from '@lotion/formats'
import { adamw, cosine, everything, fit, lotion, type ResumePoint, type StepEvent } from '@lotion/optim'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exactJson, parseExactJson } from './exact-json.js'
import { readSafetensors } from './open-safetensors.js'
import { writeSafetensors } from './safetensors.js'
import { loadRun, saveRun } from './saved-run.js'

let folder = ''
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'lotion-saved-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

const shapes = { 'a.weight': [4, 32], b: [5] }
const gradientStep: GradientStep<Float32Array> = {
  name: 'distance to a wave',
  run: async (params) => {
    const gradients = Object.fromEntries(
      Object.entries(params).map(([name, w]) => [name, w.map((x, i) => x - Math.sin(i))]),
    )
    const squares = Object.values(gradients).map((g) => g.reduce((sum, x) => sum + 0.5 * x * x, 0))
    return { loss: squares.reduce((sum, x) => sum + x, 0), terms: 1, gradients }
  },
  close: async () => {},
}

async function train(how: {
  readonly params: Tree<Float32Array>
  readonly from?: ResumePoint<Float32Array>
  readonly onStep?: (event: StepEvent<Float32Array>) => Promise<void>
}): Promise<Tree<Float32Array>> {
  const executor = cpuExecutor({ threads: 1 })
  await fit({
    ...how,
    shapes,
    gradientStep,
    batches: () => ({}),
    method: lotion({ format: int4 }),
    quantize: everything,
    optimizer: adamw({ learningRate: cosine(0.1) }),
    executor,
    steps: 9,
    seed: 3,
  })
  executor.close()
  return how.params
}

const start = (): Tree<Float32Array> => ({
  'a.weight': Float32Array.from({ length: 128 }, (_, i) => Math.cos(3 * i)),
  b: Float32Array.of(0, -0, 1e-40, 3, -2),
})

test('a run that is loaded from any of its steps goes on with the same bits', async () => {
  const whole = await train({
    params: start(),
    onStep: async (event) =>
      saveRun(join(folder, `${event.step}`), {
        params: event.params,
        shapes,
        from: event,
        extra: { losses: [NaN, event.step] },
      }),
  })
  expect(await readdir(folder)).toHaveLength(9)
  for (let step = 1; step <= 9; step++) {
    const { params, from, ...rest } = await loadRun(join(folder, `${step}`))
    expect(rest).toEqual({ shapes, extra: { losses: [NaN, step] } })
    expect(from).toMatchObject({ step, skipped: 0 })
    expect(await train({ params, from })).toEqual(whole)
  }
  const { tensors } = await readSafetensors(join(folder, '9'))
  expect(Object.keys(tensors).sort()).toEqual([
    'a.weight',
    'adamw.m of a.weight',
    'adamw.m of b',
    'adamw.v of a.weight',
    'adamw.v of b',
    'b',
    'smoothing.squares of a.weight',
    'smoothing.squares of b',
  ])
})

test('refuses what cannot be stored, by name, and writes nothing', async () => {
  const path = join(folder, 'none')
  const [w, m] = [Float32Array.of(1, 2), Float32Array.of(3)]
  const run = { params: { w }, shapes: { w: [2] }, from: { step: 1, state: { w: { m } } } }
  await expect(saveRun(path, run)).rejects.toThrow("params: 'm of w': expected the 2 values of [2], found 1")
  await expect(saveRun(path, { ...run, shapes: { v: [2] } })).rejects.toThrow(
    "params: 'v': expected its shape and its array, found no array",
  )
  await expect(
    saveRun(path, {
      ...run,
      params: { w, 'm of w': w },
      shapes: { w: [2], 'm of w': [2] },
      from: { step: 1, state: { w: { m: w } } },
    }),
  ).rejects.toThrow("expected no parameter that is called like a slot, found 'm of w'; rename it")
  expect(await readdir(folder)).not.toContain('none')
})

test('refuses files that are no stored run', async () => {
  const path = join(folder, 'weights')
  const w = { data: Float32Array.of(1, 2), shape: [2] }
  await writeSafetensors(path, { w })
  await expect(loadRun(path)).rejects.toThrow(
    `${path}: metadata 'lotion.run': expected what saveRun wrote, found none; this file holds weights alone`,
  )
  for (const [text, found] of [
    ['{', 'expected what saveRun wrote, found'],
    ['{"step":-1,"skipped":0,"slots":{}}', 'found step: '],
  ] as const) {
    await writeSafetensors(path, { w }, { 'lotion.run': text })
    await expect(loadRun(path)).rejects.toThrow(found)
  }
  await writeSafetensors(path, { w }, { 'lotion.run': '{"step":1,"skipped":0,"slots":{"w":{"m":"m of w"}}}' })
  await expect(loadRun(path)).rejects.toThrow(
    "expected a tensor 'm of w' of the size of 'w', found none; the file was changed after it was written",
  )
  await writeFile(path, 'no safetensors')
  await expect(loadRun(path)).rejects.toThrow(path)
})

test('JSON keeps numbers that are not finite', () => {
  const value = { a: [NaN, Infinity, -Infinity, 1e-300], b: { c: null, d: 'NaN' } }
  expect(parseExactJson(exactJson(value))).toEqual(value)
})

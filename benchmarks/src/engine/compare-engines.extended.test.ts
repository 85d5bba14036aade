import { llama } from '@lotion/models'
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { reportJson, reportText } from '../harness/report.js'
import { quietly } from '../harness/quietly.js'
import { compareEngines, type EngineDefinition } from './compare-engines.js'
import { enginePresets, type EnginePreset } from './preset.js'
import { tfjsWasm } from './tfjs-wasm.js'
import { traced } from './traced.js'

const preset: EnginePreset = {
  name: 'tiny',
  model: { vocabulary: 16, dimension: 16, layers: 2, heads: 4, kvHeads: 2, hidden: 24, context: 8 },
  batch: 2,
  rounds: 2,
  slowPeers: true,
}
const small = { preset, rounds: 2, threads: 1 }
const absent: EngineDefinition = { name: 'absent', open: async () => ({ absent: 'not here; get another' }) }

/** The traced engine, whose gradients are changed. */
const changed = (change: (values: Float32Array) => void): EngineDefinition => ({
  name: 'changed',
  open: async (...given) => {
    const found = await traced.open(...given)
    if ('absent' in found) return found
    const tasks = found.tasks.map((task) => ({
      ...task,
      first: async () => {
        const outcome = await task.first!()
        Object.values(outcome.tensors).forEach(change)
        return outcome
      },
    }))
    return { ...found, tasks }
  },
})

it('compares engines that agree, and reports those that are missing', async () => {
  const lines: string[] = []
  await tf.setBackend('cpu')
  const competitors = [absent, ...tfjsWasm]
  const report = await compareEngines({ ...small, competitors }, quietly({ log: (line) => lines.push(line) }))
  expect(report.rows.map(({ engine, step }) => [engine, step])).toEqual([
    ['traced', 'gradients'],
    ['tfjs wasm', 'gradients'],
    ['tfjs wasm, our kernels', 'gradients'],
    ['traced', 'adamw'],
  ])
  const [ours, ...wasm] = report.rows
  expect(ours).toMatchObject({ agreement: null, tracedSpeedup: 1, paired: null, threads: 1 })
  // f32 in another order of summation: 1e-7 a term, a few terms deep.
  for (const row of wasm.slice(0, 2)) expect(row.agreement?.tensors).toBeLessThan(1e-5)
  for (const { milliseconds, tokensPerSecond, tracedSpeedup, step } of report.rows) {
    expect(milliseconds.values).toHaveLength(2)
    expect(tokensPerSecond).toBeCloseTo(16_000 / milliseconds.median)
    const reference = report.rows.find((row) => row.step === step)!.milliseconds.median
    expect(tracedSpeedup).toBeCloseTo(milliseconds.median / reference)
  }
  expect(report.absent).toEqual([{ name: 'absent', absent: 'not here; get another' }])
  expect(lines).toContain('SKIPPED absent: not here; get another')
  expect(tf.getBackend()).toBe('cpu')
  expect(tf.getKernel('UnsortedSegmentSum', 'wasm')).toBeUndefined()

  const text = reportText(report, { plain: true })
  expect(text).toMatch(/^tiny: Llama-style decoder, \S+ parameters, 16 tokens a step; one step each a round/)
  expect(text).toMatch(/^traced +forward \+ backward +1 +\S+ \(\S+ … \S+\) +\S+ +1\.00 ×$/m)
  expect(text).toMatch(/^traced +forward \+ backward \+ AdamW /m)
  expect(text).toMatch(/^traced: onnxruntime /m)
  expect(text).toMatch(/^SKIPPED absent: not here; get another$/m)
  const records = reportJson(report)
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(records).toHaveLength(5)
  expect(records[1]).toEqual({ ...report.rows[1], ...report.shared, device: report.device })
  expect(records[4]).toMatchObject({ engine: 'absent', skipped: 'not here; get another', preset: 'tiny' })
})

it('leaves tfjs out where a step of it takes seconds, and says so', async () => {
  const slow = { ...preset, slowPeers: false }
  const { absent } = await compareEngines({ ...small, preset: slow, competitors: tfjsWasm }, quietly())
  expect(absent?.map(({ name }) => name)).toEqual(['tfjs wasm', 'tfjs wasm, our kernels'])
  for (const one of absent ?? []) expect(one.absent).toContain('compare with --preset micro')
})

it('refuses to time an engine that computes something else', async () => {
  const competitors = [changed((values) => (values[0]! += 1))]
  await expect(compareEngines({ ...small, competitors }, quietly())).rejects.toThrow(
    'gradients, changed, 1 thread: expected the traced engine',
  )
})

it('has presets of the sizes that they are named for', () => {
  const models = Object.values(enginePresets).map(({ model, batch }) => ({ batch, ...llama(model) }))
  expect(models.map(({ batch, config }) => batch * config.context)).toEqual([1024, 1024])
  // 2 V d + L (4 d² + 3 d h + 2 d) + d
  expect(models.map(({ parameterCount }) => parameterCount)).toEqual([844_928, 27_367_936])
})

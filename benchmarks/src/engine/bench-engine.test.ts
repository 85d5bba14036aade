import { expect, it } from 'vitest'
import * as tf from '@tensorflow/tfjs'
import { benchEngine } from './bench-engine.js'
import type { EnginePeer, PeerDefinition } from './engine-peer.js'
import type { EnginePreset } from './engine-preset.js'
import { enginePresets } from './engine-preset.js'
import { engineWorkload } from './engine-workload.js'
import { tracedPeer } from './traced-peer.js'
import { wasmKernelsPeer, wasmPeer } from './wasm-peer.js'

const tiny: EnginePreset = {
  name: 'tiny',
  model: { vocabulary: 16, dimension: 16, layers: 2, heads: 4, kvHeads: 2, hidden: 24, context: 8 },
  batch: 2,
  rounds: 2,
  slowPeers: true,
}

const absent: PeerDefinition = {
  name: 'absent',
  open: async () => ({ skipped: 'not on this machine; get another' }),
}
const broken: PeerDefinition = { name: 'broken', open: () => Promise.reject(new Error('cannot start')) }

/** The traced engine under another name, whose gradients are changed. */
const changed = (change: (values: Float32Array) => void): PeerDefinition => ({
  name: 'changed',
  open: async (workload): Promise<EnginePeer> => {
    const peer = await tracedPeer.open(workload)
    const steps = peer.steps.map((step) => ({
      ...step,
      first: async () => {
        const outcome = await step.first()
        Object.values(outcome.tensors).forEach(change)
        return outcome
      },
    }))
    return { ...peer, name: 'changed', steps }
  },
})

it('compares engines that agree, and reports those that are missing', async () => {
  const lines: string[] = []
  await tf.setBackend('cpu')
  const report = await benchEngine({
    preset: tiny,
    threads: 1,
    peers: [absent, wasmPeer, wasmKernelsPeer, broken],
    log: (line) => lines.push(line),
  })
  expect(report.rows.map(({ engine, step }) => [engine, step])).toEqual([
    ['traced', 'gradients'],
    ['tfjs wasm', 'gradients'],
    ['tfjs wasm, our kernels', 'gradients'],
    ['traced', 'adamw'],
  ])
  const [traced, ...wasm] = report.rows
  expect(traced).toMatchObject({ agreement: null, tracedSpeedup: 1, threads: 1 })
  // f32 in another order of summation: 1e-7 a term, a few terms deep.
  for (const row of wasm.slice(0, 2)) expect(row.agreement?.tensors).toBeLessThan(1e-5)
  for (const { milliseconds, tokensPerSecond } of report.rows) {
    expect(milliseconds.values).toHaveLength(2)
    expect(tokensPerSecond).toBeCloseTo(16_000 / milliseconds.median)
  }
  expect(report.skipped).toEqual([
    { engine: 'absent', skipped: 'not on this machine; get another' },
    { engine: 'broken', skipped: 'cannot start' },
  ])
  expect(lines).toContain('SKIPPED absent: not on this machine; get another')
  expect(tf.getBackend()).toBe('cpu')
})

it('refuses to time an engine that computes something else', async () => {
  const run = benchEngine({
    preset: tiny,
    threads: 1,
    peers: [changed((values) => (values[0]! += 1))],
    log: () => undefined,
  })
  await expect(run).rejects.toThrow('changed, forward + backward: expected the traced engine')
})

it('stops with the signal, and refuses bad options', async () => {
  const signal = AbortSignal.abort(new Error('stopped by hand'))
  await expect(benchEngine({ preset: tiny, peers: [absent], signal, log: () => undefined })).rejects.toThrow(
    'stopped by hand',
  )
  await expect(benchEngine({ preset: tiny, rounds: 0, log: () => undefined })).rejects.toThrow(
    'rounds: expected a whole number',
  )
  await expect(benchEngine({ preset: tiny, threads: 1.5, log: () => undefined })).rejects.toThrow(
    'threads: expected a whole number',
  )
})

it('has presets of the sizes that they are named for', () => {
  const sizes = Object.values(enginePresets).map((preset) => engineWorkload(preset, 1))
  expect(sizes.map(({ tokens }) => tokens)).toEqual([1024, 1024])
  // 2 V d + L (4 d² + 3 d h + 2 d) + d
  expect(sizes.map(({ model }) => model.parameterCount)).toEqual([844_928, 27_367_936])
})

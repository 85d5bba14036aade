import { sizeOf } from '@lotion/core'
import { amount } from '@lotion/test-kit'
import { expect, it } from 'vitest'
import { recordedCli } from '@lotion/cli/internal'
import { stateModel } from './state-model.js'

it.each([50_000, 1e6, 27e6, 3e8, 1e9, 7e9])('chooses a decoder of about %d parameters', (parameters) => {
  const model = stateModel(parameters)
  expect(Math.abs(model.parameters / parameters - 1)).toBeLessThan(0.08)
  expect(Object.values(model.shapes).reduce((sum, shape) => sum + sizeOf(shape), 0)).toBe(model.parameters)
})

it('steps a state, checks it, and says what it took', async () => {
  const words = ['bench', 'state', '--parameters', '200000', '--steps', '3', '--threads', '1']
  const { status, stdout, stderr } = await recordedCli([...words, '--json'])
  expect([status, stderr.split('\n').at(-2)]).toEqual([0, expect.stringContaining('4/4 steps')])
  const report: unknown = JSON.parse(stdout)
  const { parameters } = stateModel(200_000)
  expect(report).toMatchObject({
    model: { parameters },
    step: 'smoothing · adamw',
    threads: 1,
    nanosecondsPerWeight: { values: [expect.any(Number), expect.any(Number), expect.any(Number)] },
    execution: { backend: 'wasm', memories: 1, formulas: expect.any(Array) },
  })
  const { stateBytes, peakBytes, changed } = report as Record<'stateBytes' | 'peakBytes' | 'changed', number>
  // Weights, gradient, two moments; squares for the quantized matrices.
  expect(stateBytes).toBeGreaterThan(16 * parameters)
  expect(stateBytes).toBeLessThan(20 * parameters)
  expect(peakBytes).toBeGreaterThan(stateBytes)
  expect(changed).toBeGreaterThan(0.99)
  for (const more of [
    ['--method', 'adamw'],
    ['--method', 'cage', '--format', 'mxfp4'],
    ['--fisher', 'adam-second-moment', '--format', 'nvfp4'],
    ['--block', 'tensor'],
  ].slice(0, amount(2, 4))) {
    const text = await recordedCli([...words, ...more])
    expect(text.stdout).toMatch(/^a step .* ns a weight .*3 steps\)$/m)
    expect(text.stdout).toMatch(/^checked +finite; 99\.\d|100\.0 % .* nothing copied$/m)
  }
})

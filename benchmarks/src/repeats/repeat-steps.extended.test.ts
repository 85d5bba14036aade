import { onnxEngine, type OnnxEngine } from '@lotion/onnx'
import { expect, it } from 'vitest'
import { recordedCli } from '@lotion/cli/internal'
import type { BenchContext } from '../harness/competitor.js'
import { quietly } from '../harness/quietly.js'
import { reportText } from '../harness/report.js'
import { repeatSteps, type RepeatsOptions } from './repeat-steps.js'

const small = (changes: Partial<RepeatsOptions> = {}, watched: Partial<BenchContext> = {}) =>
  repeatSteps({ widths: [32], repeats: 4, threads: 2, ...changes }, quietly(watched))

it('repeats every computation with repeated ids, and finds the bits of one thread', async () => {
  const { status, stdout } = await recordedCli(['bench', 'repeats', '--widths', '32,64', '--repeats', '2'])
  expect(status).toBe(0)
  const names = [
    'gather',
    'gather along axis 1',
    'gather in batches',
    'unsortedSegmentSum',
    'oneHot',
    'gatherND',
    'scatterND',
    'tensorScatterUpdate',
    'language model',
  ]
  for (const name of names.flatMap((word) => [`${word}, Zipf ids`, `${word}, one id`]))
    expect(stdout).toMatch(new RegExp(`^${name} +4 +0 +[\\d.e-]+ +[\\d.e-]+$`, 'm'))
  expect(stdout).toMatch(/^36 cases, 72 runs, 0 differing, \d+ s$/m)
})

/** The engine, whose third run of each case on several threads is off by one bit. */
async function changed(threads: number): Promise<OnnxEngine> {
  const engine = await onnxEngine({ threads, verifyFirstStep: false })
  if (threads === 1) return engine
  return {
    ...engine,
    gradients: (program) => {
      const step = engine.gradients(program)
      let runs = 0
      return {
        ...step,
        run: async (params, batch) => {
          const result = await step.run(params, batch)
          const [values] = Object.values(result.gradients)
          if (++runs === 3) new Uint32Array(values!.buffer, values!.byteOffset)[0]! ^= 1
          return result
        },
      }
    },
  }
}

it('counts a run of which one bit differs', async () => {
  const report = await small({ open: changed })
  expect(report.rows.map(({ name, differing }) => [name, differing])).toContainEqual(['gather', 1])
  expect(report.rows.reduce((sum, { differing }) => sum + differing, 0)).toBe(12)
  expect(report.failed).toMatch(
    /^threads: expected the bits of one thread .* gather, Zipf ids, width 32 \(1 of 4\); /,
  )
  expect(reportText(report, { plain: true })).toMatch(/^gatherND, one id +4 +0 /m)
  expect(reportText(report, { plain: true })).toMatch(/^language model, one id +4 +1 /m)
})

it('stops with the signal, and refuses other widths', async () => {
  await expect(small({}, { signal: AbortSignal.abort(new Error('stopped by hand')) })).rejects.toThrow(
    'stopped by hand',
  )
  const { status, stderr } = await recordedCli(['bench', 'repeats', '--widths', '64,100'])
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining("widths: expected a multiple of 32, found '100'"),
  ])
})

import { expect, it } from 'vitest'
import type { EngineBenchReport, EngineRow } from './bench-engine.js'
import { engineJson, engineTable } from './engine-text.js'

const row = (engine: string, values: readonly number[], rest: Partial<EngineRow>): EngineRow => ({
  engine,
  version: `${engine} 1.0`,
  threads: 2,
  step: 'gradients',
  variant: '',
  milliseconds: { median: values[0]!, min: values[0]!, max: values.at(-1)!, values },
  tokensPerSecond: 1024 / (values[0]! / 1000),
  tracedSpeedup: values[0]! / 25,
  agreement: { tensors: 1e-6, worst: 'w', loss: 0 },
  slower: {},
  ...rest,
})
const report: EngineBenchReport = {
  preset: 'micro',
  parameters: 844_928,
  tokens: 1024,
  device: { cpu: 'Processor X', cores: 2, memoryGiB: 24, system: 'linux x64', node: '20.0.0' },
  rows: [
    row('traced', [25, 30], { agreement: null }),
    row('PyTorch', [50, 1250], { variant: 'sdpa attention', slower: { 'manual attention': 51 } }),
    row('traced', [36, 40], { agreement: null, step: 'adamw' }),
  ],
  skipped: [{ engine: 'tfjs wasm', skipped: 'not installed; install it' }],
}

it('lays out who was how fast, on what, and who is missing', () => {
  const text = engineTable(report, { plain: true })
  expect(text).toContain('micro: Llama-style decoder, 845k parameters, 1024 tokens a step')
  expect(text).toContain('Processor X, 2 cores, 24 GiB, linux x64, Node 20.0.0')
  expect(text).toMatch(/^traced +forward \+ backward +2 +25\.0 \(25\.0 … 30\.0\) +41\.0k +1\.00 ×$/m)
  expect(text).toMatch(
    /^PyTorch, sdpa attention +forward \+ backward +2 +50\.0 \(50\.0 … 1250\) +20\.5k +2\.00 ×$/m,
  )
  expect(text).toMatch(/^traced +forward \+ backward \+ AdamW /m)
  expect(text.split('\n').filter((line) => line.startsWith('traced: '))).toEqual(['traced: traced 1.0'])
  expect(text.endsWith('skipped tfjs wasm: not installed; install it\n')).toBe(true)
})

it('writes a line of JSON for each row and each skipped peer', () => {
  const lines = engineJson(report).split('\n')
  expect(lines.pop()).toBe('')
  const records = lines.map((line): unknown => JSON.parse(line))
  expect(records).toHaveLength(4)
  expect(records[1]).toEqual({
    ...report.rows[1],
    preset: 'micro',
    parameters: 844_928,
    tokens: 1024,
    device: report.device,
  })
  expect(records[3]).toMatchObject({
    engine: 'tfjs wasm',
    skipped: 'not installed; install it',
    preset: 'micro',
  })
})

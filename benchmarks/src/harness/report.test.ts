import { expect, it } from 'vitest'
import { reportJson, reportText, type BenchReport } from './report.js'

const device = { cpu: 'Processor X', cores: 2, memoryGiB: 24, system: 'linux x64', node: '20.0.0' }
const report: BenchReport = {
  title: 'steps of a thing; in turns',
  device,
  facts: ['runtime 1.0'],
  rows: [{ engine: 'ours', ms: 25 }],
  tables: [
    { head: ['engine', 'ms'], rows: [['ours', '25']] },
    { head: ['ratio', 'found'], rows: [['ours / theirs', '1 ×']] },
  ],
  notes: ['theirs: eager'],
  absent: [{ name: 'theirs', absent: 'not installed; install it' }],
  nameKey: 'engine',
  derived: [{ target: 1 }],
  shared: { preset: 'micro' },
}

it('lays out what was measured where, and who is missing', () => {
  expect(reportText(report, { plain: true }).split('\n')).toEqual([
    'steps of a thing; in turns',
    'Processor X, 2 cores, 24 GiB, linux x64, Node 20.0.0',
    'runtime 1.0',
    '',
    'engine  ms',
    'ours    25',
    '',
    'theirs: eager',
    'SKIPPED theirs: not installed; install it',
    '',
    'ratio          found',
    'ours / theirs    1 ×',
    '',
  ])
})

it('writes a line of JSON for each row, each thing derived and whoever is missing', () => {
  const lines = reportJson(report).split('\n')
  expect(lines.pop()).toBe('')
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { engine: 'ours', ms: 25, preset: 'micro', device },
    { target: 1, preset: 'micro', device },
    { engine: 'theirs', skipped: 'not installed; install it', preset: 'micro', device },
  ])
})

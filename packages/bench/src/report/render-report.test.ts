import { expect, test } from 'vitest'
import type { ComparisonRecord, EvaluationRecord, ResultRecord, WeightsRecord } from '../records.js'
import { summarizeLosses } from '../runs/summary.js'
import { plotCsv } from './figure.js'
import { lossFigure } from './loss-figures.js'
import { renderReport, type Report } from './render-report.js'
import { colours } from './series.js'
import { ticksOf } from './svg-plot.js'
import { verdictOf } from './verdict.js'

const timing = { at: '2026-01-01T00:00:00.000Z', trainingSeconds: 1, tokensPerSecond: 31_200 }

function evaluation(method: string, step: number, nearest: number, seed = 0): EvaluationRecord {
  const training = step === 0 ? null : nearest
  return {
    type: 'evaluation',
    method,
    seed,
    step,
    tokens: step * 100,
    training,
    fullPrecision: nearest - 0.1,
    nearest,
    timing,
  }
}

function result(method: string, nearest: number, seed = 0): ResultRecord {
  const losses = { fullPrecision: nearest - 0.1, nearest, randomized: nearest + 0.1 }
  return {
    type: 'result',
    method,
    seed,
    settings: { lambda: 1 },
    learningRate: 0.01,
    steps: 2,
    tokens: 200,
    ...losses,
    casts: 8,
    timing,
  }
}

/** The comparison of results, each method on the seeds it has. */
function found(...results: readonly ResultRecord[]): Pick<Report, 'results' | 'comparisons'> {
  const comparisons = [...new Set(results.map(({ method }) => method))].map((method): ComparisonRecord => {
    const own = results.filter((each) => each.method === method)
    return {
      task: 'language',
      method,
      format: 'int4',
      block: 'tensor',
      bitsPerWeight: {},
      seeds: own.length,
      ...summarizeLosses(own),
      numbers: { lambda: 1 },
      config: { learningRate: 0.01, casts: 8, firstSeed: 0, optimizer: 'adamw of the task', fisher: 'exact' },
      modules: [],
    }
  })
  return { results, comparisons }
}

const report: Report = {
  title: 'Four bits',
  loss: { name: 'validation loss', unit: 'nats per byte', meaning: 'Nats per byte, unseen.', decimals: 4 },
  run: {
    type: 'run',
    command: 'lotion quickstart',
    seed: 0,
    config: { steps: 2, model: { layers: 3 } },
    modules: [{ kind: 'noise', word: './n.ts', name: 'mine', sha256: 'ab12' }],
    versions: { node: '20' },
    timing,
  },
  evaluations: [
    evaluation('ptq', 0, 5),
    evaluation('ptq', 2, 2),
    evaluation('lotion', 0, 5),
    evaluation('lotion', 2, 1.5),
  ],
  ...found(result('ptq', 2), result('lotion', 1.5)),
  weights: [],
  samples: [
    {
      type: 'sample',
      method: 'lotion',
      seed: 0,
      fullPrecision: 'We',
      nearest: 'The people of the United States',
    },
  ],
}

/** What weights did at a step: everything half of what it is at step 0. */
const weights = (method: string, step: number): WeightsRecord => ({
  type: 'weights',
  method,
  seed: 0,
  step,
  tokens: step * 100,
  ...(step === 0
    ? {}
    : { learningRate: 0.01, lambda: 0.75, gradientNorm: 2, penalty: 0.125, flips: [0.031] }),
  distance: 0.25,
  variance: 0.0625,
  saturated: 0,
  codes: { used: 3, of: 15, entropy: 1.5 },
  grid: { format: 'int4', from: -1.5, width: 1, counts: [1, 6, 1] },
  around: [1, 2, 1],
  sqnr: [20.25],
  ...(step === 0
    ? {
        parameters: [
          { name: 'w', weights: 1_000_000, format: 'int4', block: '32', bits: 5 },
          { name: 'norm', weights: 500_000, bits: 32 },
        ],
      }
    : {}),
  timing,
})

/** The text of a page without its tags, scripts and styles. */
const readable = (page: string): string =>
  page
    .replace(/<(script|style)[^]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

test('without JavaScript the page has verdict, results, evaluations, configuration, versions and texts', () => {
  const text = readable(renderReport(report))
  for (const part of [
    'lotion has the lowest validation loss after the cast: 1.5000 nats per byte (one seed).',
    'ptq is higher by 0.5000: one seed: no interval, so whether that is chance is not known.',
    'After the cast lotion is 0.1000 above the lowest loss in full precision (lotion, 1.4000).',
    'Each method was run with one setting; nothing was tuned.',
    'Of its own full precision the cast takes 0.1000 from lotion, 0.1000 from ptq; before it ptq was higher by 0.5000.',
    'ptq 1.9000 2.0000 2.1000 31.2k +0.1000 +0.5000 7.389 2.885 lr 0.01, λ 1',
    // e^1.5 = 4.4817; 1.5 / ln 2 = 2.1640; tokens are bytes.
    'lotion 1.4000 1.5000 * 1.6000 * 31.2k +0.1000 lowest 4.482 2.164 lr 0.01, λ 1',
    'Losses, lower is better',
    'Nats per byte, unseen.',
    'lotion 0 2 200 1.5000 1.4000 1.5000 31.2k',
    'model.layers 3',
    'node 20',
    'lotion learning rate 0.01, lambda 1, optimizer adamw of the task, fisher exact',
    'Optimizer: adamw of the task. Fisher: exact.',
    'noise ./n.ts mine, sha256 ab12',
    'full precision We after the cast The people of the United States',
    'Nothing is recorded of the weights',
    'lotion quickstart',
  ])
    expect(text).toContain(part)
})

test('the best method is that of the lowest mean, not that of the best seed', () => {
  // Seeds 1.0 and 3.0 have mean 2, and the best seed; 1.5 and 1.6 have mean 1.55.
  const several = found(
    result('qat', 1),
    result('qat', 3, 1),
    result('lotion', 1.5),
    result('lotion', 1.6, 1),
  )
  const verdict = verdictOf(several)!
  expect(verdict.best.method).toBe('lotion')
  // Differences −.5 and 1.4: mean .45, standard error .95, and 12.7062 of them on one degree of freedom.
  expect(verdict.rivals).toEqual([
    {
      method: 'qat',
      mean: expect.closeTo(0.45, 12),
      error: expect.closeTo(0.95, 12),
      half: expect.closeTo(0.95 * 12.7062047, 5),
      seeds: 2,
      diverged: 0,
      otherDiverged: 0,
      isApart: false,
      better: 1,
      equal: 0,
      worse: 1,
    },
  ])
  const page = renderReport({ ...report, ...several })
  expect(readable(page)).toContain('lotion has the lowest validation loss after the cast: 1.5500')
  expect(readable(page)).toContain('not told apart: the interval holds 0; higher on 1, lower on 1 of 2 seeds')
  // What screen readers are told beside the chart.
  expect(page).toMatch(/<figcaption>[^<]*At the end lotion has the lowest mean after the cast, 1\.5500\./)
  expect(readable(page)).toContain('1.5500 ± 0.0707 *')
  // Not places of the drawing.
  expect(page).toContain('<title>qat, seed 0: −0.5000</title>')
  expect(page).toContain('<title>qat, seed 1: 1.4000</title>')
  const csv = page.match(/text\/csv;charset=utf-8,(%22method%22%2C%22seed%22[^"]*)"/)![1]!
  const rows = decodeURIComponent(csv).trimEnd().split('\n')
  expect(rows.slice(1).map((row) => row.split(',')[1])).toEqual(['"mean"', '0', '1'])
  expect(rows.slice(2).map((row) => Number(row.split(',')[2]).toFixed(9))).toEqual([
    '-0.500000000',
    '1.400000000',
  ])
})

test('differences that hold on every seed are told apart', () => {
  const results = [0, 1, 2].flatMap((seed) => [
    result('ptq', 2.1 + 0.3 * seed + 0.001 * seed, seed),
    result('lotion', 2 + 0.3 * seed, seed),
  ])
  const verdict = verdictOf(found(...results))!
  expect(verdict.rivals[0]).toMatchObject({ method: 'ptq', worse: 3, isApart: true })
})

test('a diverged method is no rival, and nothing wins where all diverge', () => {
  const page = readable(renderReport({ ...report, ...found(result('rat', Infinity), result('ptq', 2)) }))
  expect(page).toContain('ptq has the lowest'.replace(' has the lowest', ': validation loss 2.0000'))
  const lost = { ...result('rat', Infinity), diverged: 'at step 3' }
  const all = readable(renderReport({ ...report, ...found(lost) }))
  expect(all).toContain('Every run diverged: no method has a result.')
  expect(all).toContain('rat, seed 0 diverged: at step 3')
})

test('curves leave a gap where a seed is lost: not the mean of those that are left', () => {
  const evaluations = [
    evaluation('qat', 0, 5),
    evaluation('qat', 0, 6, 1),
    evaluation('qat', 2, 3),
    evaluation('qat', 2, Infinity, 1),
  ]
  const figure = lossFigure({ evaluations }, report.loss, colours(['qat']), undefined)!
  const line = figure.series.find(({ name }) => name === 'qat')!
  expect(line.points).toEqual([
    [0, 5.5],
    [200, null],
  ])
  expect(plotCsv(figure)).toContain('"qat",0,5.5,\n"qat",200,,\n')
})

test('a method has one colour, whatever it is compared with', () => {
  const all = colours(['rat', 'ptq', 'lotion:0.3', 'mine'])
  expect(colours(['lotion:0.3']).get('lotion:0.3')).toBe(all.get('lotion:0.3'))
  expect(new Set(all.values()).size).toBe(4)
})

test('ticks are round numbers within the range', () => {
  expect(ticksOf(0.13, 1.07)).toEqual([0.2, 0.4, 0.6, 0.8, 1].map((tick) => expect.closeTo(tick, 12)))
  expect(ticksOf(-3, 7)).toEqual([-2, 0, 2, 4, 6])
})

test('what the weights did is told in figures, sizes and a row a parameter', () => {
  const page = renderReport({
    ...report,
    weights: ['ptq', 'lotion'].flatMap((method) => [weights(method, 0), weights(method, 2)]),
  })
  const text = readable(page)
  // 5 bits of a million and 32 of half a million: .625 + 2 MB; all in f32 6 MB.
  expect(text).toContain(
    '1,500,000 weights, 67 % of them quantized: 2.63 MB at the bits trained for, 6.00 MB in f32 (2.3 times as much).',
  )
  expect(text).toContain('w 1,000,000 int4 32 5.00 20.3 3.10 20.3 3.10')
  expect(text).toContain('norm 500,000 f32 – 32.0 – – – –')
  expect(text).toContain('3 of 15 codes, 1.50 bits of entropy')
  for (const title of [
    'Weights of lotion over the grid of int4',
    'Distance to the grid',
    'Flips a step',
    'Learning rate',
    'Gradient norm',
  ])
    expect(text).toContain(title)
  expect(page.match(/<svg /g)!.length).toBeGreaterThan(10)
})

test('QAT’s randomized loss is explained where QAT took part, and only there', () => {
  expect(renderReport(report)).not.toContain('bad by construction')
  expect(renderReport({ ...report, ...found(result('qat', 2)) })).toContain('bad by construction')
})

test('text from outside cannot become markup or script', () => {
  const evil = `</script><img src=x onerror="alert(1)">'&\u2028`
  const page = renderReport({
    ...report,
    title: evil,
    state: evil,
    files: [evil],
    run: { ...report.run, command: evil, config: { [evil]: evil }, versions: { [evil]: evil } },
    evaluations: [{ ...evaluation('m', 1, 2), method: evil }],
    ...found({ ...result('m', 2), method: evil, settings: { [evil]: evil } }),
    weights: [{ ...weights(evil, 0), grid: { ...weights(evil, 0).grid, format: evil } }],
    samples: [{ type: 'sample', method: evil, seed: 0, fullPrecision: evil, nearest: evil }],
  })
  expect(page).not.toContain('<img')
  expect(page.match(/<script/g)).toHaveLength(1)
  expect(page.match(/<\/script/g)).toHaveLength(1)
})

test('the page loads nothing and forbids itself to; it loads itself again only where it is asked to', () => {
  const page = renderReport(report)
  expect(page).toContain(`content="default-src 'none';`)
  expect(page).not.toMatch(/<(link|img|iframe)|src=|@import|http-equiv="refresh"/)
  expect(renderReport({ ...report, refresh: 5 })).toContain('<meta http-equiv="refresh" content="5">')
})

import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { ComparisonRecord, EvaluationRecord, ResultRecord } from '../records.js'
import { summarizeLosses } from '../runs/summary.js'
import { chartData } from './chart-data.js'
import { CHART_SCRIPT } from './chart-script.js'
import { escapeHtml, scriptJson } from './html-text.js'
import { renderReport, type Report } from './render-report.js'

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

/** The text of a page without its tags, scripts and styles. */
const readable = (page: string): string =>
  page
    .replace(/<(script|style)[^]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

test('without JavaScript the page still has the results, evaluations, configuration, versions and text', () => {
  const text = readable(renderReport(report))
  for (const part of [
    'method full precision nearest mean of 8 roundings tokens/s setting ptq 1.9000 2.0000 2.1000 31.2k lr 0.01, λ 1 lotion 1.4000 1.5000 * 1.6000 * 31.2k lr 0.01, λ 1',
    'validation loss, nats per byte. Losses, lower is better',
    'Nats per byte, unseen.',
    'lotion 0 2 200 1.5000 1.4000 1.5000 31.2k',
    'model.layers 3',
    'node 20',
    'lotion learning rate 0.01, lambda 1, optimizer adamw of the task, fisher exact',
    'Optimizer: adamw of the task. Fisher: exact.',
    'noise ./n.ts mine, sha256 ab12',
    'The people of the United States',
    'The chart needs JavaScript',
  ])
    expect(text).toContain(part)
})

test('a diverged seed leaves a gap in its curves, and the rest of the chart as it is', () => {
  const { curves, focus } = chartData([
    evaluation('ptq', 0, 5),
    evaluation('ptq', 2, 2),
    evaluation('qat', 0, 5),
    evaluation('qat', 0, 5, 1),
    evaluation('qat', 2, 3),
    evaluation('qat', 2, Infinity, 1),
    evaluation('rat', 2, NaN),
  ])
  expect(curves.filter(({ kind }) => kind === 'nearest').map(({ values }) => values)).toEqual([
    [5, 2],
    [5, null],
    [null, null],
  ])
  // What is left of the second half: ptq at 2 and 1.9; the margin is 8 % of the distance.
  expect(focus[0]).toBeCloseTo(1.892, 12)
  expect(focus[1]).toBeCloseTo(2.008, 12)
  const page = renderReport({ ...report, ...found(result('rat', NaN), result('ptq', 2)) })
  expect(page).toContain('At the end ptq has the lowest')
})

test('several seeds are told as mean and spread', () => {
  const text = readable(renderReport({ ...report, ...found(result('ptq', 1.6), result('ptq', 1.8, 1)) }))
  expect(text).toContain('Mean ± sample standard deviation over the seeds')
  expect(text).toContain('1.7000 ± 0.1414')
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
    run: { ...report.run, command: evil, config: { [evil]: evil }, versions: { [evil]: evil } },
    evaluations: [{ ...evaluation('m', 1, 2), method: evil }],
    ...found({ ...result('m', 2), method: evil, settings: { [evil]: evil } }),
    samples: [{ type: 'sample', method: evil, seed: 0, fullPrecision: evil, nearest: evil }],
  })
  expect(page).not.toContain('<img')
  expect(page.match(/<script/g)).toHaveLength(2)
  expect(page.match(/<\/script/g)).toHaveLength(2)
  const json = /id="chart-data">([^]*?)<\/script>/.exec(page)?.[1]
  expect(JSON.parse(json!)).toMatchObject({ curves: [{ method: evil }, { method: evil }] })
})

test('the page loads nothing and forbids itself to', () => {
  const page = renderReport(report)
  expect(page).toContain(`content="default-src 'none';`)
  expect(page).not.toMatch(/<(link|img|iframe)|src=|@import|url\(/)
})

test('the licence of the plotting library stands in the page', () => {
  expect(renderReport(report)).toContain('The MIT License (MIT)')
})

test('escaping', () => {
  expect(escapeHtml(`<a href="x">'&`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;')
  expect(scriptJson('<\u2028\u2029')).toBe('"\\u003c\\u2028\\u2029"')
})

test('curves share an axis, are means over seeds, and the first steps do not set the range', () => {
  const data = chartData([
    evaluation('ptq', 0, 5),
    evaluation('ptq', 0, 6, 1),
    evaluation('ptq', 2, 2),
    evaluation('ptq', 2, 3, 1),
    evaluation('lotion', 1, 4),
    evaluation('lotion', 2, 1.5),
  ])
  expect(data.at).toEqual([0, 100, 200])
  expect(data.seeds).toBe(2)
  expect(data.curves.map(({ method, kind, order }) => `${method} ${kind} ${order}`)).toEqual([
    'ptq nearest 0',
    'lotion nearest 1',
    'ptq full precision 0',
    'lotion full precision 1',
  ])
  expect(data.curves[0]!.values).toEqual([5.5, null, 2.5])
  expect(data.curves[1]!.values).toEqual([null, 4, 1.5])
  // From half the tokens on: 4 (lotion at 100) down to 1.4 (its full precision at 200), 8 % of 2.6 beyond
  // each.
  expect(data.focus[0]).toBeCloseTo(1.4 - 0.208, 12)
  expect(data.focus[1]).toBeCloseTo(4 + 0.208, 12)
  expect(chartData([])).toEqual({ unit: 'tokens', at: [], curves: [], focus: [0, 1], seeds: 0 })
})

test('the page’s script hands every curve to the plotting library, in the style’s colours', () => {
  const data = chartData(report.evaluations)
  const element = {
    textContent: JSON.stringify({ ...data, loss: 'loss' }),
    hidden: true,
    clientWidth: 800,
    addEventListener: () => undefined,
    setAttribute: () => undefined,
  }
  const plots: {
    options: { series: { label: string; stroke?: string; dash?: number[] }[]; width: number }
    values: unknown
  }[] = []
  class Plot {
    readonly over = element
    readonly width = 800
    constructor(options: (typeof plots)[number]['options'], values: unknown) {
      plots.push({ options, values })
    }
    destroy(): void {}
  }
  runInNewContext(CHART_SCRIPT, {
    document: { getElementById: () => element, documentElement: {} },
    getComputedStyle: () => ({ getPropertyValue: (name: string) => ` <${name}>` }),
    matchMedia: () => element,
    ResizeObserver: class {
      observe(): void {}
    },
    devicePixelRatio: 1,
    uPlot: Plot,
  })
  expect(plots).toHaveLength(1)
  const { options, values } = plots[0]!
  expect(JSON.parse(JSON.stringify(values))).toEqual([data.at, ...data.curves.map((curve) => curve.values)])
  expect(options.series.map(({ label, stroke }) => `${label} ${stroke ?? ''}`)).toEqual([
    'tokens ',
    'ptq, quantized <--curve-0>',
    'lotion, quantized <--curve-1>',
    'ptq, full precision <--curve-0>',
    'lotion, full precision <--curve-1>',
  ])
  expect(options.series.map(({ dash }) => dash !== undefined)).toEqual([false, false, false, true, true])
})

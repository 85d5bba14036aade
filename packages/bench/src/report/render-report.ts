// The report of a run as one page, whatever the task. Comes in: what was found. Goes out: HTML that needs no
// network.
// Source: docs/design/04-bench.md. Everything but the chart is plain HTML and can be read without JavaScript.

import { rate } from '@lotion/cli/internal'
import type { ComparisonRecord, Findings, ModuleRecord, RunRecord } from '../records.js'
import type { LossReading } from '../tasks/task.js'
import { chartData } from './chart-data.js'
import { CHART_SCRIPT } from './chart-script.js'
import { comparisonCells, legend, lossText } from './comparison-table.js'
import { escapeHtml, htmlTable, scriptJson } from './html-text.js'
import { plottingLibrary } from './plotting-library.js'
import { REPORT_STYLE } from './report-style.js'

/** What a report is made of. */
export interface Report extends Findings {
  /** The first heading, and the name of the page. */
  readonly title: string
  /** How its losses are called, and their unit. */
  readonly loss: LossReading
  /** What was run, with its command and its time. */
  readonly run: RunRecord
}

/**
 * Render a report. All text is escaped; the page forbids itself any connection.
 * @param report The findings with their heading, the unit of the losses and the run.
 */
export function renderReport(report: Report): string {
  const { title, loss, run, evaluations, results, samples } = report
  const library = plottingLibrary()
  const data = chartData(evaluations)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${escapeHtml(title)}</title>
<style>${library.style}${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(run.timing.at)} · <code>${escapeHtml(run.command)}</code></p>
${resultsSection(report)}
<h2>Quantized ${escapeHtml(loss.name)} while training</h2>
<div id="chart-controls" hidden>
<button type="button" id="show-end" aria-pressed="true">End of the run</button>
<button type="button" id="show-all" aria-pressed="false">Whole run</button>
<span>Drag to zoom, double-click for the whole run; a click in the legend hides a curve.</span>
</div>
<div id="chart" role="figure" aria-label="${escapeHtml(chartLabel(report, data.unit))}"></div>
<noscript><p>The chart needs JavaScript; its numbers are in the table below.</p></noscript>
<p>Solid: the weights cast to the nearest point of the format. Dashed: the weights as they are trained.${data.seeds > 1 ? ` Curves are means over ${data.seeds} seeds.` : ''}</p>
<details><summary>All evaluations</summary>${evaluationsTable(report)}</details>
${explanation(report)}
${samplesSection(samples)}
<h2>How it was made</h2>
${pairsTable('Configuration', { seed: [...new Set(results.map(({ seed }) => seed))].join(', ') || run.seed, ...flattened(run.config) })}
${settingsTable(report)}
${modulesTable(run.modules)}
${pairsTable('Versions and machine', run.versions)}
<footer>Chart: uPlot, under the MIT licence, whose text stands in this page's source.</footer>
</main>
<script type="application/json" id="chart-data">${scriptJson({ ...data, loss: unitText(loss) })}</script>
<script>/*\n${library.license}*/\n${library.script}\n${CHART_SCRIPT}</script>
</body>
</html>
`
}

/** What losses are called, with their unit. */
const unitText = ({ name, unit }: LossReading): string => (unit === undefined ? name : `${name}, ${unit}`)

function resultsSection({ loss, ...findings }: Report): string {
  const caption = [unitText(loss), ...legend(findings.comparisons)].join('. ').replaceAll('..', '.')
  return `<h2>Results</h2>${htmlTable({ caption, ...comparisonCells(findings, loss) })}`
}

function chartLabel({ results, loss }: Report, unit: string): string {
  // None if every one diverged.
  const best = results
    .filter(({ nearest }) => Number.isFinite(nearest))
    .sort((a, b) => a.nearest - b.nearest)[0]
  const ending = best ? ` At the end ${best.method} has the lowest, ${lossText(best.nearest, loss)}.` : ''
  return `Line chart: quantized ${unitText(loss)}, against training ${unit}, one curve a method.${ending} The numbers are in the table “All evaluations”.`
}

function evaluationsTable({ evaluations, loss }: Report): string {
  const text = (value: number): string => lossText(value, loss)
  const [tokens, speed] = evaluations.some((record) => record.tokens !== undefined)
    ? [['tokens'], ['tokens/s']]
    : [[], []]
  return htmlTable({
    caption: `Every evaluation: ${unitText(loss)}`,
    head: ['method', 'seed', 'step', ...tokens, 'training', 'full precision', 'nearest', ...speed],
    rows: evaluations.map((record) => [
      record.method,
      String(record.seed),
      String(record.step),
      ...tokens.map(() => record.tokens?.toLocaleString('en') ?? '–'),
      record.training === null ? '–' : text(record.training),
      text(record.fullPrecision),
      text(record.nearest),
      ...speed.map(() => rate(record.timing.tokensPerSecond ?? 0)),
    ]),
  })
}

function explanation({ results, loss }: Report): string {
  const methods = new Set(results.map(({ method }) => method))
  return `<h2>How to read this</h2>
<p>${escapeHtml(loss.meaning)} <em>Full precision</em> is the loss of the weights as they were
trained, <em>nearest</em> what a runtime gets when each weight is rounded to the nearest value of the format: the number to
compare methods by. <em>Randomized</em> is the mean over roundings in which chance decides between the two neighbouring values;
it tells how firmly the weights sit on the grid.</p>${
    methods.has('qat')
      ? `
<p>QAT’s full-precision weights drift to the thresholds between two values, so its randomized loss is bad by construction:
a lead in that column alone is no win.</p>`
      : ''
  }
<p>One run is one seed: differences smaller than the spread between seeds mean nothing. The random choices of a run
depend on its seed alone, so the same command gives the same numbers, times apart.</p>`
}

function samplesSection(samples: Report['samples']): string {
  if (samples.length === 0) return ''
  const blocks = samples.map(
    ({ method, fullPrecision, nearest }) => `<h3>${escapeHtml(method)}</h3>
<p>In full precision:</p><blockquote>${escapeHtml(fullPrecision)}</blockquote>
<p>Quantized:</p><blockquote>${escapeHtml(nearest)}</blockquote>`,
  )
  return `<h2>Text that the model writes</h2>${blocks.join('\n')}`
}

function settingsTable({ comparisons, results }: Report): string {
  const text = ({ method, numbers, config }: ComparisonRecord): string => {
    const { learningRate, optimizer, noise, fisher } = config
    const settings = results.find((result) => result.method === method)?.settings
    const all = { 'learning rate': learningRate, ...settings, ...numbers, optimizer, noise, fisher }
    return Object.entries(all)
      .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${textOf(value)}`]))
      .join(', ')
  }
  return pairsTable(
    'Settings of the methods',
    Object.fromEntries(comparisons.map((record) => [record.method, text(record)])),
  )
}

function modulesTable(modules: readonly ModuleRecord[]): string {
  if (modules.length === 0) return ''
  return pairsTable(
    'Modules',
    Object.fromEntries(
      modules.map(({ kind, word, name, sha256 }) => [`${kind} ${word}`, `${name}, sha256 ${sha256}`]),
    ),
  )
}

function pairsTable(caption: string, pairs: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(pairs).map(([name, value]) => [name, textOf(value)])
  return htmlTable({ caption, head: [], rows, className: 'pairs' })
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** One line a leaf: `{ a: { b: 1 } }` as `a.b`. Lists stay as they are. */
function flattened(record: Readonly<Record<string, unknown>>, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(flattened(value as Readonly<Record<string, unknown>>, `${prefix}${name}.`))
        : [[`${prefix}${name}`, value]],
    ),
  )
}

// The report of a run as one page, whatever the task, finished or not. Comes in: what was found. Goes out:
// HTML that needs no network.
// Source: docs/design/04-bench.md. Everything is plain HTML and SVG and can be read without JavaScript.

import type { Findings, RunRecord } from '../records.js'
import type { LossReading } from '../tasks/task.js'
import { divergedNotes } from './comparison-table.js'
import { takenNotes } from './taken-notes.js'
import { figureHtml, type Figure } from './figure.js'
import { escapeHtml } from './html-text.js'
import { layerTable, megabytes, bytesOf, sizeText } from './layer-table.js'
import { differenceFigure, lossFigure } from './loss-figures.js'
import { madeSection } from './made-section.js'
import { PAGE_SCRIPT } from './page-script.js'
import { REPORT_STYLE } from './report-style.js'
import { evaluationsTable, resultsTable } from './result-tables.js'
import { colours } from './series.js'
import { verdictOf, verdictSentences, type Verdict } from './verdict.js'
import { weightsFigures } from './weights-figures.js'

/** What tells a report from other pages. */
export const REPORT_MARK = '<meta name="generator" content="@lotion/bench">'

/** What a report is made of. */
export interface Report extends Findings {
  /** The first heading, and the name of the page. */
  readonly title: string
  /** How its losses are called, and their unit. */
  readonly loss: LossReading
  /** What was run, with its command and its time. */
  readonly run: RunRecord
  /** Files beside the page that it links to, by name. Default: none. */
  readonly files?: readonly string[]
  /** How the run stands, where it is not finished: said above everything. */
  readonly state?: string
  /** Seconds after which a browser loads the page again. Default: never. */
  readonly refresh?: number
}

/**
 * Render a report. All text is escaped; the page forbids itself any connection.
 * @param report The findings with their heading, the unit of the losses and the run.
 */
export function renderReport(report: Report): string {
  const { title, loss, run, evaluations, results, weights, samples, comparisons, state, refresh } = report
  const verdict = verdictOf(report)
  const colour = colours([...new Set([...evaluations, ...results].map(({ method }) => method))])
  const figures = weightsFigures(weights, colour)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
${REPORT_MARK}
${refresh === undefined ? '' : `<meta http-equiv="refresh" content="${refresh}">\n`}<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(run.timing.at.slice(0, 16).replace('T', ' '))} UTC</p>
${state === undefined ? '' : `<p class="state" role="status">${escapeHtml(state)}</p>`}
${verdictSection(report, verdict)}
<h2>Results</h2>
${comparisons.length === 0 ? '<p>No method has all its seeds yet.</p>' : resultsTable(report, verdict)}
${notes(report)}
<div class="figures">${drawn([lossFigure(report, loss, colour, verdict), differenceFigure(report, verdict, loss, colour)])}</div>
<details><summary>All evaluations</summary>${evaluationsTable(report)}</details>
<h2>What the weights did</h2>
${
  weights.length === 0
    ? '<p>Nothing is recorded of the weights: the run is of an earlier version, or was not evaluated on its way.</p>'
    : `<p>Of the quantized weights as they are trained, before any cast. ${escapeHtml(sizeText(weights))}</p>
<div class="figures">${drawn(figures)}</div>
<h3>Layer by layer</h3>
${layerTable(weights)}`
}
${explanation(report)}
${samplesSection(samples)}
${madeSection(report)}
</main>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`
}

const drawn = (figures: readonly (Figure | undefined)[]): string =>
  figures.flatMap((figure) => (figure ? [figureHtml(figure)] : [])).join('\n')

function verdictSection(report: Report, verdict: Verdict | undefined): string {
  if (!verdict)
    return `<p class="verdict">${report.results.length > 0 && report.results.every(({ diverged }) => diverged !== undefined) ? 'Every run diverged: no method has a result.' : 'No method has a result yet.'}</p>`
  const [first, ...rest] = verdictSentences(verdict, report.comparisons, report.loss)
  const bytes = bytesOf(report.weights)
  const size = bytes
    ? [
        `The model takes ${megabytes(bytes.trained)} at the bits trained for, ${megabytes(bytes.full)} in f32.`,
      ]
    : []
  return `<section class="verdict" aria-label="Verdict"><p><strong>${escapeHtml(first!)}</strong></p><ul>${[...rest, ...size].map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul></section>`
}

/** What must be known of single runs before their losses are believed. */
function notes({ results, loss }: Report): string {
  const lines = [...divergedNotes(results, loss), ...takenNotes(results)]
  return lines.length === 0
    ? ''
    : `<ul class="notes">${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`
}

function explanation({ results, loss }: Report): string {
  const methods = new Set(results.map(({ method }) => method))
  return `<details><summary>How to read this</summary>
<p>${escapeHtml(loss.meaning)} <em>Full precision</em> is the loss of the weights as they were
trained, <em>nearest</em> what a runtime gets when each weight is rounded to the nearest value of the format: the number to
compare methods by. <em>Roundings</em> is the mean over roundings in which chance decides between the two neighbouring values;
it tells how firmly the weights sit on the grid.</p>${
    methods.has('qat')
      ? `
<p>QAT’s full-precision weights drift to the thresholds between two values, so its randomized loss is bad by construction:
a lead in that column alone is no win.</p>`
      : ''
  }
<p>Differences are taken seed by seed, which removes what a seed does to all methods; their interval is Student’s t over the
seeds, without a correction for several comparisons. The random choices of a run depend on its seed alone, so the same command
gives the same numbers, times apart.</p></details>`
}

function samplesSection(samples: Report['samples']): string {
  if (samples.length === 0) return ''
  const text = (heading: string, words: string): string =>
    `<div><h4>${heading}</h4><blockquote>${escapeHtml(words)}</blockquote></div>`
  const blocks = samples.map(
    ({ method, seed, fullPrecision, nearest }) => `<h3>${escapeHtml(method)}, seed ${seed}</h3>
<div class="pair">${text('full precision', fullPrecision)}${text('after the cast', nearest)}</div>`,
  )
  return `<h2>Text that the models write</h2>${blocks.join('\n')}`
}

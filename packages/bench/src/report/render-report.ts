// The report of a run as one page, whatever the task, finished or not. Comes in: what was found. Goes out:
// HTML that needs no network.
// Source: docs/design/04-bench.md. Everything is plain HTML and SVG and can be read without JavaScript.

import type { Findings, RunRecord } from '../records.js'
import { phasesOf } from '../runs/phase-words.js'
import type { LossReading } from '../tasks/task.js'
import { divergedNotes } from './comparison-table.js'
import { takenNotes } from './taken-notes.js'
import { figureHtml, type Figure } from './figure.js'
import { htmlTable } from './html-table.js'
import { markup, rawElement, type Markup } from './markup.js'
import { layerTables } from './layer-table.js'
import { differenceFigure, lossFigure } from './loss-figures.js'
import { madeSection } from './made-section.js'
import { shortSizes, sizeTexts } from './model-sizes.js'
import { PAGE_SCRIPT } from './page-script.js'
import { REPORT_STYLE } from './report-style.js'
import { evaluationsTable, resultsTable } from './result-tables.js'
import { colours, methodWord } from './series.js'
import { verdictOf, verdictSentences, type Verdict } from './verdict.js'
import { weightsFigures } from './weights-figures.js'
import { weightsWords } from './weights-words.js'

const GENERATOR = '@lotion/bench'

/** What tells a report from other pages. */
export const REPORT_MARK = `<meta name="generator" content="${GENERATOR}">`

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
  /** Of several runs what was chosen differently: a line a setting, a cell a run. Default: nothing. */
  readonly differing?: {
    /** Names of the runs. */
    readonly runs: readonly string[]
    /** The setting, then its value in each run. */
    readonly rows: readonly (readonly string[])[]
  }
}

/** Reports on one page that have nothing to do with each other. */
export interface ApartReports {
  /** Why their losses are not compared: `another task (a: text, b: language)`. */
  readonly reasons: readonly string[]
  /** One a group of runs that can be compared. */
  readonly reports: readonly Report[]
}

/**
 * Render a report. All text is escaped; the page forbids itself any connection.
 * @param report The findings with their heading, the unit of the losses and the run.
 */
export function renderReport(report: Report): string {
  return page(report, report.title, bodyOf(report))
}

/** Render reports that cannot be compared on one page, each by itself, and say so first. */
export function renderApart({ reasons, reports }: ApartReports): string {
  const title = `${reports.map((report) => report.title).join('; ')}: not comparable`
  const body = markup`<section class="apart" role="note" aria-label="Not comparable"><p><strong>These runs cannot be compared: no verdict, no difference and no figure puts them side by side.</strong></p><p>Found ${reasons.join('; ')}.</p></section>
${reports.map(
  (report) => markup`<h2 class="group">${report.title}</h2>
${bodyOf(report)}`,
)}`
  const refresh = reports.find((report) => report.refresh !== undefined)?.refresh
  const { state: _, refresh: _old, ...first } = reports[0]!
  return page({ ...first, ...(refresh === undefined ? {} : { refresh }) }, title, body)
}

function page({ run, refresh }: Pick<Report, 'run' | 'refresh'>, title: string, body: Markup): string {
  const again = refresh === undefined ? undefined : markup`<meta http-equiv="refresh" content="${refresh}">\n`
  const whole = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="generator" content="${GENERATOR}">
${again}<title>${title}</title>
${rawElement('style', REPORT_STYLE)}
</head>
<body>
<main>
<h1>${title}</h1>
<p class="lead">${run.timing.at.slice(0, 16).replace('T', ' ')} UTC</p>
${body}
</main>
${rawElement('script', PAGE_SCRIPT)}
</body>
</html>
`
  return whole.toString()
}

function bodyOf(report: Report): Markup {
  const { loss, evaluations, results, weights, samples, comparisons, state } = report
  const verdict = verdictOf(report)
  const colour = colours([...new Set([...evaluations, ...results].map(({ method }) => method))])
  const figures = [lossFigure(report, loss, colour, verdict), differenceFigure(report, verdict, loss, colour)]
  return markup`${state === undefined ? undefined : markup`<p class="state" role="status">${state}</p>`}
${verdictSection(report, verdict)}
${differingSection(report)}
<h2>Results</h2>
${comparisons.length === 0 ? markup`<p>No method has all its seeds yet.</p>` : resultsTable(report, verdict)}
${notes(report)}
<div class="figures">${drawn(figures)}</div>
<details><summary>All evaluations</summary>${evaluationsTable(report)}</details>
<h2>What the weights did</h2>
${
  weights.length === 0
    ? markup`<p>Nothing is recorded of the weights: the run is of an earlier version, or was not evaluated on its way.</p>`
    : markup`${weightsWords(weights).map((sentence) => markup`<p>${sentence}</p>\n`)}<p>Of the quantized weights as they are trained, before any cast. ${sizeTexts(weights).join(' ')}</p>
<div class="figures">${drawn(weightsFigures(weights, colour))}</div>
<h3>Layer by layer</h3>
${layerTables(weights)}`
}
${explanation(report)}
${samplesSection(samples)}
${madeSection(report)}`
}

const drawn = (figures: readonly (Figure | undefined)[]): readonly Markup[] =>
  figures.flatMap((figure) => (figure ? [figureHtml(figure)] : []))

const listOf = (lines: readonly string[]): readonly Markup[] => lines.map((line) => markup`<li>${line}</li>`)

function verdictSection(report: Report, verdict: Verdict | undefined): Markup {
  const { results, weights } = report
  if (!verdict) {
    const allLost = results.length > 0 && results.every(({ diverged }) => diverged !== undefined)
    return markup`<p class="verdict">${allLost ? 'Every run diverged: no method has a result.' : 'No method has a result yet.'}</p>`
  }
  const [first, ...rest] = verdictSentences(verdict, report.comparisons, report.loss)
  return markup`<section class="verdict" aria-label="Verdict"><p><strong>${first}</strong></p><ul>${listOf([...rest, ...shortSizes(weights)])}</ul></section>`
}

/** What was chosen differently in the runs of one report. */
function differingSection({ differing }: Report): Markup | undefined {
  if (!differing || differing.rows.length === 0) return undefined
  const { runs, rows } = differing
  return htmlTable({ caption: 'What differs between the runs', head: ['setting', ...runs], rows })
}

/** What must be known of single runs before their losses are believed. */
function notes({ results, loss }: Report): Markup | undefined {
  const lines = [...divergedNotes(results, loss), ...takenNotes(results)]
  return lines.length === 0 ? undefined : markup`<ul class="notes">${listOf(lines)}</ul>`
}

function explanation({ results, loss }: Report): Markup {
  const ends = results.map(({ method }) => phasesOf(methodWord(method)).at(-1)!.word)
  const aboutQat = ends.includes('qat')
    ? markup`
<p>QAT’s full-precision weights may drift to the thresholds between two values, which makes its randomized loss
bad by construction: a lead in that column alone is no win.</p>`
    : undefined
  return markup`<details><summary>How to read this</summary>
<p>${loss.meaning}</p>${aboutQat}
<p>Differences are taken seed by seed, which removes what a seed does to all methods; their interval is Student’s t over the
seeds, without a correction for several comparisons. The random choices of a run depend on its seed alone, so the same command
gives the same numbers, times apart.</p></details>`
}

function samplesSection(samples: Report['samples']): Markup | undefined {
  if (samples.length === 0) return undefined
  const text = (heading: string, words: string): Markup =>
    markup`<div><h4>${heading}</h4><blockquote>${words}</blockquote></div>`
  const blocks = samples.map(
    ({ method, seed, fullPrecision, nearest }) => markup`<h3>${method}, seed ${seed}</h3>
<div class="pair">${text('full precision', fullPrecision)}${text('after the cast', nearest)}</div>
`,
  )
  return markup`<h2>Text that the models write</h2>${blocks}`
}

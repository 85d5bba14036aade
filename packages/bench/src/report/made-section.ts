// How a run was made, and how to make it again. Comes in: its record. Goes out: markup: command, commit,
// cost and files first, all else folded away.
// Source: docs/design/04-bench.md.

import type { ComparisonRecord, ModuleRecord } from '../records.js'
import { htmlTable } from './html-table.js'
import { markup, type Markup } from './markup.js'
import type { Report } from './render-report.js'

/** The section. */
export function madeSection(report: Report): Markup {
  const { run, results, files = [] } = report
  const { commit } = run
  const seconds = results.reduce((sum, { timing }) => sum + timing.trainingSeconds, 0)
  const made = commit
    ? markup`Commit <code>${commit.id.slice(0, 12)}</code>${commit.changed ? ', with changes that were not committed' : ''}. `
    : undefined
  const links = files.map(
    (file, i) => markup`${i === 0 ? '' : ', '}<a href="./${encodeURIComponent(file)}">${file}</a>`,
  )
  const training =
    results.length === 0
      ? ''
      : `Training took ${duration(seconds)} for ${results.length} ${results.length === 1 ? 'run' : 'runs'}, evaluations left out, on ${run.versions['processor'] ?? 'an unknown processor'}.`
  const configuration = {
    seed: [...new Set(results.map(({ seed }) => seed))].join(', ') || run.seed,
    ...flattened(run.config),
  }
  return markup`<h2>How it was made, and how to repeat it</h2>
<div class="command"><pre><code>${run.command}</code></pre><button type="button" class="copy" hidden>copy</button></div>
<p>${made}The same command gives the same numbers, on any number of threads and processes. ${training}</p>
${links.length === 0 ? undefined : markup`<p>Beside this page: ${links}.</p>`}
${settingsTable(report)}
<details><summary>Configuration</summary>${pairsTable('Configuration', configuration)}</details>
${modulesTable(run.modules)}
<details><summary>Versions and machine</summary>${pairsTable('Versions and machine', run.versions)}</details>`
}

/** `3 min 20 s`. */
function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`
}

function settingsTable({ comparisons, results }: Report): Markup | undefined {
  const text = ({ method, numbers, config }: ComparisonRecord): string => {
    const { learningRate, optimizer, noise, fisher } = config
    const settings = results.find((result) => result.method === method)?.settings
    const all = { 'learning rate': learningRate, ...settings, ...numbers, optimizer, noise, fisher }
    return Object.entries(all)
      .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${textOf(value)}`]))
      .join(', ')
  }
  if (comparisons.length === 0) return undefined
  return pairsTable(
    'Settings of the methods',
    Object.fromEntries(comparisons.map((record) => [record.method, text(record)])),
  )
}

function modulesTable(modules: readonly ModuleRecord[]): Markup | undefined {
  if (modules.length === 0) return undefined
  return pairsTable(
    'Modules',
    Object.fromEntries(
      modules.map(({ kind, word, name, sha256 }) => [`${kind} ${word}`, `${name}, sha256 ${sha256}`]),
    ),
  )
}

function pairsTable(caption: string, pairs: Readonly<Record<string, unknown>>): Markup {
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

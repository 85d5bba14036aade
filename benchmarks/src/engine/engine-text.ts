// A comparison of engines as people and programs read it. Comes in: a report. Goes out: a table, or lines of JSON.
// Source: docs/design/04-bench.md.

import { rate, textTable } from '@lotion/cli'
import { stepNames, type EngineBenchReport } from './bench-engine.js'
import { deviceLine } from './device-description.js'

/** Lay out a report: what was measured where, a line an engine and kind of step, and who is missing. */
export function engineTable(report: EngineBenchReport, { plain }: { readonly plain: boolean }): string {
  const { preset, parameters, tokens, device, rows, skipped } = report
  const table = textTable({
    head: ['engine', 'step', 'threads', 'ms/step: median (min … max)', 'tokens/s', 'traced is'],
    rows: rows.map(
      ({
        engine,
        variant,
        step,
        threads,
        milliseconds: { median, min, max },
        tokensPerSecond,
        tracedSpeedup,
      }) => [
        [engine, variant].filter(Boolean).join(', '),
        stepNames[step],
        `${threads}`,
        `${milliseconds(median)} (${milliseconds(min)} … ${milliseconds(max)})`,
        rate(tokensPerSecond),
        `${tracedSpeedup.toFixed(2)} ×`,
      ],
    ),
    align: ['left', 'left', 'right', 'right', 'right', 'right'],
    strong: rows.flatMap(({ agreement }, i) => (agreement === null ? [i] : [])),
    plain,
  })
  const versions = new Map(rows.map(({ engine, version }) => [engine, version]))
  return [
    `${preset}: Llama-style decoder, ${rate(parameters)} parameters, ${tokens} tokens a step; one step each a round, in turns`,
    deviceLine(device),
    '',
    table,
    ...[...versions].map(([engine, version]) => `${engine}: ${version}`),
    ...skipped.map((peer) => `skipped ${peer.engine}: ${peer.skipped}`),
    '',
  ].join('\n')
}

/** Write a report as JSON, a line a row, then a line a skipped peer; each with preset and device. */
export function engineJson({ preset, parameters, tokens, device, rows, skipped }: EngineBenchReport): string {
  const shared = { preset, parameters, tokens, device }
  return [...rows, ...skipped].map((row) => `${JSON.stringify({ ...row, ...shared })}\n`).join('')
}

const milliseconds = (value: number): string => value.toFixed(value < 100 ? 1 : 0)

// Times of kernels as people and programs read them. Comes in: a report. Goes out: a table, or lines of JSON.
// Source: docs/design/07-cpu.md.

import { rate, textTable } from '../console/index.js'
import { deviceLine } from '../engine/device-description.js'
import type { KernelBenchReport } from './bench-kernels.js'

/** Lay out a report, a line a step and way. */
export function kernelTable(
  { weights, device, rows }: KernelBenchReport,
  { plain }: { readonly plain: boolean },
): string {
  const table = textTable({
    head: ['step', 'runs as', 'threads', 'ns/weight: median (min … max)', 'GB/s', 'of touch'],
    rows: rows.map(
      ({
        step,
        backend,
        threads,
        nanosecondsPerWeight: { median, min, max },
        gigabytesPerSecond,
        touchRatio,
      }) => [
        step,
        backend,
        `${threads}`,
        `${nanoseconds(median)} (${nanoseconds(min)} … ${nanoseconds(max)})`,
        gigabytesPerSecond.toFixed(1),
        touchRatio === null ? '' : `${touchRatio.toFixed(2)} ×`,
      ],
    ),
    align: ['left', 'left', 'right', 'right', 'right', 'right'],
    plain,
  })
  return [
    `optimizer steps over ${rate(weights)} weights, blocks of 32; one step each a round, in turns; the same bits on every way`,
    deviceLine(device),
    '',
    table,
    'touch: one addition an array on the same bytes, 28 a weight (w, g, m, v read; w, m, v written)',
    '',
  ].join('\n')
}

/** Write a report as JSON, a line a row. */
export function kernelJson({ weights, device, rows }: KernelBenchReport): string {
  return rows.map((row) => `${JSON.stringify({ ...row, weights, device })}\n`).join('')
}

const nanoseconds = (value: number): string => value.toFixed(value < 10 ? 2 : 1)

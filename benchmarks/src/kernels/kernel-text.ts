// Times of kernels as people and programs read them. Comes in: a report. Goes out: tables, or lines of JSON.
// Source: docs/design/07-cpu.md.

import { rate, textTable } from '@lotion/cli'
import { deviceLine } from '../engine/device-description.js'
import type { KernelBenchReport, KernelRow } from './bench-kernels.js'
import type { KernelTarget } from './kernel-targets.js'

/** Lay out a report: a line a step, way and form, then the ratios with their targets. */
export function kernelTable(report: KernelBenchReport, { plain }: { readonly plain: boolean }): string {
  const { weights, block, device, rows, targets, pinned, versions, notes, skipped } = report
  const steps = [...new Set(rows.map(({ step }) => step))]
  const ordered = steps.flatMap((step) => rows.filter((row) => row.step === step))
  const table = textTable({
    head: ['step', 'runs as', 'threads', 'ns/weight: median (min … max)', 'GB/s', 'of touch'],
    rows: ordered.map(rowText),
    align: ['left', 'left', 'right', 'right', 'right', 'right'],
    plain,
  })
  const ratios = textTable({
    head: ['ratio of medians, most threads, fastest form', 'found', 'target', ''],
    rows: targets.map((target) => [
      target.name,
      `${target.ratio.toFixed(2)} ×`,
      targetText(target),
      target.met ? 'met' : 'NOT MET',
    ]),
    align: ['left', 'right', 'right', 'left'],
    plain,
  })
  return [
    `optimizer steps over ${rate(weights)} weights (LOTION: ${block}); one step each a round, in turns; every way takes the same step`,
    deviceLine(device),
    pinned.length > 0
      ? `bound to processors: ${pinned.join('; ')}`
      : 'threads are not bound to processors: two may share a core',
    '',
    table,
    'copy: as many bytes read and written as a step reads and writes, 28 a weight (w, g, m, v read; w, m, v written)',
    'touch: one operation an array on the same arrays',
    ...versions,
    ...notes,
    ...skipped.map(({ way, skipped: reason }) => `SKIPPED ${way}: ${reason}`),
    '',
    ...(targets.length > 0 ? [ratios] : []),
  ].join('\n')
}

function rowText({
  step,
  way,
  variant,
  threads,
  nanosecondsPerWeight: { median, min, max },
  gigabytesPerSecond,
  touchRatio,
}: KernelRow): readonly string[] {
  return [
    step,
    [way, variant].filter(Boolean).join(', '),
    `${threads}`,
    `${nanoseconds(median)} (${nanoseconds(min)} … ${nanoseconds(max)})`,
    gigabytesPerSecond.toFixed(1),
    touchRatio === null ? '' : `${touchRatio.toFixed(2)} ×`,
  ]
}

/** Write a target: `≤ 1.2 ×`. */
function targetText({ most, least }: Pick<KernelTarget, 'most' | 'least'>): string {
  return most === undefined ? `≥ ${least} ×` : `≤ ${most} ×`
}

/** Write a report as JSON: a line a row, a line a target, a line a way that is missing. */
export function kernelJson({ rows, targets, skipped, ...shared }: KernelBenchReport): string {
  const { weights, block, device, pinned } = shared
  return [...rows, ...targets.map((target) => ({ target })), ...skipped]
    .map((line) => `${JSON.stringify({ ...line, weights, block, device, pinned })}\n`)
    .join('')
}

const nanoseconds = (value: number): string => value.toFixed(value < 10 ? 2 : 1)

// The cost of LOTION in a training step as people and programs read it. Comes in: a report. Goes out: a table, or JSON.
// Source: docs/design/04-bench.md.

import { rate, textTable } from '@lotion/cli'
import { deviceLine } from '../engine/device-description.js'
import { stepTarget, type StepBenchReport } from './bench-step.js'

/** Lay out a report, a line an optimizer. */
export function stepTable(report: StepBenchReport, { plain }: { readonly plain: boolean }): string {
  const { preset, parameters, quantized, tokens, threads, runtime, device, rows, notes } = report
  const table = textTable({
    head: [
      'step with',
      'forward + backward, ms',
      'update, ms',
      'step, ms',
      'of AdamW (quartiles)',
      'by phases',
      `≤ ${stepTarget} ×`,
      'state, B a weight',
    ],
    rows: rows.map(({ optimizer, gradients, update, step, ratio, phaseRatio, met, stateBytes }) => [
      optimizer,
      milliseconds(gradients.median),
      milliseconds(update.median),
      milliseconds(step.median),
      ratio ? `${times(ratio.median)} × (${times(ratio.low)} … ${times(ratio.high)})` : '',
      phaseRatio === null ? '' : `${times(phaseRatio)} ×`,
      met === null ? '' : met ? 'met' : 'NOT MET',
      String(Number(stateBytes.toFixed(2))),
    ]),
    plain,
  })
  return [
    `${preset}: Llama-style decoder, ${rate(parameters)} parameters, ${rate(quantized)} of them quantized, ${tokens} tokens a step, ${threads} threads`,
    deviceLine(device),
    runtime,
    '',
    table,
    'medians; one step each a round, in turns; ratios of whole steps of the same round. By phases: the median of all forward and backward',
    'passes, which are one computation, plus the median update. State: of the quantized weights.',
    ...notes,
    '',
  ].join('\n')
}

/** Write a report as JSON, a line an optimizer. */
export function stepJson({ rows, ...shared }: StepBenchReport): string {
  return rows.map((row) => `${JSON.stringify({ ...row, target: stepTarget, ...shared })}\n`).join('')
}

const milliseconds = (value: number): string => value.toFixed(value < 100 ? 1 : 0)
const times = (value: number): string => value.toFixed(3)

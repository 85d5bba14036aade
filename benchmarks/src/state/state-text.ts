// What a state's steps took, as people and programs read it. Comes in: a report. Goes out: a few lines, or a line of JSON.
// Source: docs/design/07-cpu.md.

import { rate } from '@lotion/cli'
import { deviceLine } from '../engine/device-description.js'
import type { StateBenchReport } from './bench-state.js'

/** Write a report in lines. */
export function stateText(report: StateBenchReport): string {
  const { model, step, device, threads, nanosecondsPerWeight, stateBytes, peakBytes, execution } = report
  const { median, min, max, values } = nanosecondsPerWeight
  const tensors = Object.keys(model.shapes).length
  return [
    `${step} over the state of a decoder: ${rate(model.parameters)} parameters in ${tensors} tensors ` +
      `(width ${model.dimension}, ${model.layers} layers, vocabulary ${model.vocabulary})`,
    deviceLine(device),
    '',
    `a step       ${((median * model.parameters) / 1e9).toFixed(3)} s on ${threads} ${threads === 1 ? 'thread' : 'threads'}: ` +
      `${median.toFixed(2)} ns a weight (${min.toFixed(2)} … ${max.toFixed(2)}, ${values.length} steps)`,
    `state        ${(stateBytes / 1e9).toFixed(2)} GB: weights, gradients, slots; in ${execution.memories} WebAssembly memories`,
    `peak memory  ${(peakBytes / 2 ** 30).toFixed(2)} GiB of the process`,
    `checked      finite; ${(100 * report.changed).toFixed(1)} % of the weights changed; all in WebAssembly, nothing copied`,
    '',
  ].join('\n')
}

/** Write a report as a line of JSON. */
export function stateJson({ model: { shapes, ...model }, ...report }: StateBenchReport): string {
  return `${JSON.stringify({ ...report, model: { ...model, tensors: Object.keys(shapes).length } })}\n`
}

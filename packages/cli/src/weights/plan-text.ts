// What a plan says to people and programs. Comes in: a plan. Goes out: lines, warnings, records of JSON.
// Source: docs/design/04-bench.md.

import type { WeightPlan } from '@lotion/checkpoints'
import { sizeOf, type NumberFormat } from '@lotion/core'
import { axisName, blockName } from '@lotion/core/internal'
import { bitsPerWeight } from '@lotion/formats'
import { significant } from '../console/number-text.js'
import { terminalText } from '../console/terminal-text.js'

/** How many names stand in a line before the rest is counted. */
const NAMED = 3

/** One tensor of a plan, as JSON has it; what was not chosen has a reason instead of blocks. */
export interface PlanRecord {
  readonly parameter: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly format: string | null
  readonly scale: string | null
  /** As it was asked for: a number, `row` or `tensor`. */
  readonly block: string | null
  /** What blocks run along, such as `-1` or `0..2`. */
  readonly axis: string | null
  /** Weights of a whole block; fewer than asked for where a line is shorter. */
  readonly blockSize: number | null
  readonly bitsPerWeight: number | null
  /** Why it stays as it is. */
  readonly reason: string | null
}

/** The records of all tensors, those that are cast first. */
export function planRecords({ chosen, kept }: WeightPlan, format: NumberFormat): readonly PlanRecord[] {
  return [
    ...[...chosen].map(([parameter, { dtype, shape, axis, layout, bits }]) => ({
      parameter,
      dtype,
      shape,
      format: format.name,
      scale: format.scale.name,
      block: blockName(format.block),
      axis: axisName(axis),
      blockSize: layout.size,
      bitsPerWeight: bits,
      reason: null,
    })),
    ...[...kept].map(([parameter, { dtype, shape, reason }]) =>
      keptRecord({ parameter, dtype, shape, reason }),
    ),
  ]
}

/** The record of a tensor that stays as it is. */
export const keptRecord = ({
  parameter,
  dtype,
  shape,
  reason,
}: Pick<PlanRecord, 'parameter' | 'dtype' | 'shape' | 'reason'>): PlanRecord => ({
  parameter,
  dtype,
  shape,
  format: null,
  scale: null,
  block: null,
  axis: null,
  blockSize: null,
  bitsPerWeight: null,
  reason,
})

/** What stands beside quantized weights and says nothing of them. */
const ofActivations = /\.(?:input_scale|output_scale|[kqv]_scale|input_global_scale|input_zero_point)$/

/** Bits a weight, blocks, and what stays as it is, a line each. */
export function planLines({ chosen, kept }: WeightPlan, format: NumberFormat): readonly string[] {
  const weights = [...chosen.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const bits = [...chosen.values()].reduce((sum, { shape, bits: each }) => sum + sizeOf(shape) * each, 0)
  const blocks = grouped(
    [...chosen].map(([name, { layout, axis }]) => [
      format.block.kind === 'tensor'
        ? 'one scale a tensor'
        : `blocks of ${layout.size} along ${axisName(axis)}`,
      name,
    ]),
  )
  const before = grouped(
    [...chosen].flatMap(([name, { quantized, dtype }]) => (quantized ? [[dtype, name]] : [])),
  )
  // They belong to codes that are no longer there.
  const activations = [...chosen.values()].flatMap(({ quantized }) =>
    (quantized?.parts ?? []).filter((part) => ofActivations.test(part)),
  )
  const left = grouped([...kept].map(([name, { reason }]) => [reason, name]))
  return [
    `${significant(bits / weights)} bits a weight: ${blocks.join('; ')}`,
    ...(before.length > 0 ? [`read from codes: ${before.join('; ')}`] : []),
    ...(activations.length > 0
      ? [`left out, scales of activations: ${named(activations.map((part) => terminalText(part)))}`]
      : []),
    ...(left.length > 0 ? [`as they were: ${left.join('; ')}`] : []),
  ]
}

/**
 * What a user did not ask for: blocks smaller than said, or bits a weight over 1.5 times the format's; and
 * the options of the command that change it.
 */
export function planWarnings(
  { chosen }: WeightPlan,
  format: NumberFormat,
  advice: string,
): readonly string[] {
  const nominal = bitsPerWeight(format)
  const asked = format.block.kind === 'size' ? format.block.size : undefined
  const small = [...chosen].filter(
    ([, { layout, bits }]) => (asked !== undefined && layout.size < asked) || bits > 1.5 * nominal,
  )
  if (small.length === 0) return []
  const list = small.map(
    ([name, { layout, bits, shape, axis }]) =>
      `${terminalText(name)} [${shape.join(', ')}] has blocks of ${layout.size} along ${axisName(axis)}, ${significant(bits)} bits a weight`,
  )
  return [
    `${format.name} has ${significant(nominal)} bits a weight${asked === undefined ? '' : ` in blocks of ${asked}`}, but ` +
      `${named(list)}; ${advice}`,
  ]
}

/** Names by what they have in common: `a norm: a, b`. */
function grouped(pairs: readonly (readonly string[])[]): readonly string[] {
  const groups = new Map<string, string[]>()
  for (const [key, name] of pairs) {
    const names = groups.get(key!)
    if (names) names.push(name!)
    else groups.set(key!, [name!])
  }
  return [...groups].map(
    ([key, names]) => `${terminalText(key)}: ${named(names.map((name) => terminalText(name)))}`,
  )
}

function named(names: readonly string[]): string {
  return names.length > NAMED
    ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`
    : names.join(', ')
}

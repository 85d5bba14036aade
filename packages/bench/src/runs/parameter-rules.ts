// Formats of parameters and which of them are trained, by patterns of names. Comes in: a workload and rules
// in words. Goes out: the same workload under the rules.
// Source: docs/design/04-bench.md, "Rules by parameter".

import { chosenPlugin, formatKind, keptRecord, planRecords, type PlanRecord } from '@lotion/cli/internal'
import { type NumberFormat, type Shape, type Tree } from '@lotion/core'
import { formatRules, quantizedAxes, trainable, type QuantizedAxes, type QuantizeRule } from '@lotion/optim'
import { patternTest } from '@lotion/optim/internal'
import { shapesPlan } from '../tasks/model-preview.js'
import type { Preview, Workload } from '../tasks/task.js'

/** What stays in full precision, as a rule says it. */
export const FULL_PRECISION = 'f32'

/** Names in a line before the rest is counted. */
const NAMED = 3

/** A format for the parameters of a pattern, as plain data. */
export interface FormatRule {
  /** See `NamePattern` of @lotion/optim. */
  readonly pattern: string
  /** A format's name, the path of its module, or `f32`. */
  readonly format: string
}

/** Rules of a comparison, as plain data. */
export interface ParameterRules {
  /** The first pattern that matches counts; all others are in the comparison's format. */
  readonly formats?: readonly FormatRule[]
  /** Patterns of parameters that stay as they begin. */
  readonly freeze?: readonly string[]
  /** Patterns of parameters that are trained; all others stay as they begin. */
  readonly trainOnly?: readonly string[]
}

/**
 * Put a workload under rules.
 * @throws RangeError if a pattern matches nothing, nothing is left to train or to quantize; UsageError if a
 * word names no format.
 */
export async function withRules(workload: Workload, rules: ParameterRules): Promise<Workload> {
  try {
    return await ruledWorkload(workload, rules)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // As the options are called, not the functions that they are for.
    const message = error.message.replace(/^formatRules:/, 'formats:').replace(/^frozen:/, 'freeze:')
    throw new RangeError(message, { cause: error })
  }
}

/** A rule of which parameters by some patterns have other formats, or none. */
export async function ruledFormats(
  formats: readonly FormatRule[],
  rule: QuantizeRule,
): Promise<QuantizeRule> {
  if (formats.length === 0) return rule
  const pairs = await Promise.all(
    formats.map(
      async ({ pattern, format }) =>
        [
          pattern,
          format === FULL_PRECISION ? null : await chosenPlugin(formatKind, format, undefined),
        ] as const,
    ),
  )
  return formatRules(pairs, rule)
}

async function ruledWorkload(workload: Workload, rules: ParameterRules): Promise<Workload> {
  const { formats = [], freeze, trainOnly } = rules
  if (formats.length === 0 && !freeze && !trainOnly) return workload
  const { shapes } = workload
  const quantize = await ruledFormats(formats, workload.quantize)
  const axes = quantizedAxes(quantize, shapes)
  const trained = trainedOf(shapes, { freeze, trainOnly })
  // What is frozen is cast all the same; training for a format needs a parameter that is not.
  if (trained && ![...axes.keys()].some((name) => Object.hasOwn(trained, name)))
    throw new RangeError(
      `${freeze ? 'freeze' : 'train-only'}: expected a parameter that is trained and quantized, found none: ` +
        `trained are ${listed(Object.keys(trained))}, quantized ${listed([...axes.keys()])}`,
    )
  const { preview } = workload
  return {
    ...workload,
    quantize,
    ...(trained
      ? {
          trained,
          open: (onWarning: (message: string) => void) => workload.open(onWarning, Object.keys(trained)),
        }
      : {}),
    ...(preview
      ? {
          preview: (format) =>
            ruled(preview(format), { format, axes, shapes, trained, quantizes: formats.length > 0 }),
        }
      : {}),
  }
}

/** Extents of what is trained; nothing, if that is all. */
function trainedOf(
  shapes: Tree<Shape>,
  {
    freeze,
    trainOnly,
  }: { readonly freeze: readonly string[] | undefined; readonly trainOnly: readonly string[] | undefined },
): Tree<Shape> | undefined {
  if (freeze) return trainable(shapes, freeze)
  if (!trainOnly) return undefined
  const names = Object.keys(shapes)
  const tests = trainOnly.map((pattern) => ({ pattern, holds: patternTest('train-only', pattern) }))
  const idle = tests.find(({ holds }) => !names.some(holds))
  if (idle)
    throw new RangeError(`train-only: '${idle.pattern}' matches no parameter; there are: ${names.join(', ')}`)
  const kept = names.filter((name) => tests.some(({ holds }) => holds(name)))
  return Object.fromEntries(kept.map((name) => [name, shapes[name]!]))
}

const listed = (names: readonly string[]): string =>
  names.length > NAMED
    ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`
    : names.join(', ') || 'none'

/** What is known before the run, with what the rules change. */
function ruled(
  { lines, warnings, config }: Preview,
  {
    format,
    axes,
    shapes,
    trained,
    quantizes,
  }: {
    readonly format: NumberFormat
    readonly axes: QuantizedAxes
    readonly shapes: Tree<Shape>
    readonly trained: Tree<Shape> | undefined
    readonly quantizes: boolean
  },
): Preview {
  const byFormat = new Map<NumberFormat | undefined, string[]>()
  for (const name of axes.keys()) {
    const own = axes.formats?.get(name)
    byFormat.set(own, [...(byFormat.get(own) ?? []), name])
  }
  const frozen = Object.keys(shapes).filter((name) => trained && !Object.hasOwn(trained, name))
  const byRule = [...byFormat].flatMap(([own, names]) =>
    own ? [`${own.name} by rule: ${listed(names)}`] : [],
  )
  const quantization = quantizes
    ? [
        ...[...byFormat].flatMap(([own = format, names]) => recordsOf(shapes, own, names)),
        ...(config['quantization'] as readonly PlanRecord[])
          .filter(({ parameter }) => !axes.has(parameter))
          .map((record) => (record.format === null ? record : keptRecord({ ...record, reason: 'a rule' }))),
      ]
    : config['quantization']
  return {
    lines: [
      ...lines,
      ...byRule,
      ...(frozen.length > 0
        ? [`frozen, ${frozen.length} of ${Object.keys(shapes).length}: ${listed(frozen)}`]
        : []),
    ],
    warnings,
    config: { ...config, quantization, ...(frozen.length > 0 ? { frozen } : {}) },
  }
}

/** How tensors are quantized in a format, as records have it. */
function recordsOf(
  shapes: Tree<Shape>,
  format: NumberFormat,
  names: readonly string[],
): readonly PlanRecord[] {
  const own = Object.fromEntries(names.map((name) => [name, shapes[name]!]))
  return planRecords(shapesPlan(own, { format, only: /./ }), format)
}

// Optimizer steps on each way to run them. Comes in: a size, steps, who takes part. Goes out: a report,
// nanoseconds a weight.
// Source: docs/design/12-speed-tests.md, docs/design/07-cpu.md.

import { freemem } from 'node:os'
import { rate } from '@lotion/cli/internal'
import type { Block } from '@lotion/core'
import { compare, type Measured } from '../harness/compare.js'
import type { BenchContext } from '../harness/competitor.js'
import { boundText, tableOf, type BenchReport, type Column } from '../harness/report.js'
import { timesOf, withRange } from '../harness/times.js'
import { checkBits, checkDistance, type KernelAgreement } from './kernel-agreement.js'
import { BYTES_PER_WEIGHT } from './kernel-case.js'
import type { KernelDefinition, KernelSubject } from './kernel-competitor.js'
import { kernelTargets, targetColumns } from './kernel-targets.js'

export interface KernelComparison extends KernelSubject {
  /** The first one is the reference of the others. */
  readonly competitors: readonly KernelDefinition[]
  readonly rounds: number
  /** Bind threads to processors while measuring. */
  readonly pin: boolean
}

/** One step on one way to run it, in one form. */
export type KernelRow = ReturnType<typeof rowsOf>[number]

/** Compare. @throws if two ways do not take the same step; the signal's reason. */
export async function compareKernels(
  { competitors, rounds, pin, ...subject }: KernelComparison,
  context: BenchContext,
): Promise<BenchReport<KernelRow>> {
  const { weights, cases, threads } = subject
  refuseSmallMemory(weights, competitors)
  const found = await compare(
    {
      subject,
      competitors,
      agree: (outcome, reference, { what, competitor }) =>
        competitor.exact
          ? checkBits(what, outcome, reference)
          : checkDistance(what, outcome, reference, weights),
      rounds,
      warmup: 2,
      // Idle OpenMP threads of PyTorch spin for some milliseconds; after this all cores are free for the next
      // way.
      pause: 40,
      boundThreads: pin ? threads : 0,
    },
    context,
  )
  const rows = rowsOf(found.measured, weights)
  const targets = kernelTargets(rows)
  const blocks = new Set(cases.flatMap(({ lotion, block }) => (lotion ? [blockText(block)] : [])))
  const block = [...blocks].join(', ')
  return {
    title: `optimizer steps over ${rate(weights)} weights (LOTION: ${block}); one step each a round, in turns; every way takes the same step`,
    device: found.device,
    facts: [boundText(found.bound)],
    rows,
    tables: [tableOf(rows, columns), ...(targets.length > 0 ? [tableOf(targets, targetColumns)] : [])],
    notes: [
      'copy: as many bytes read and written as a step reads and writes, 28 a weight (w, g, m, v read; w, m, v written)',
      'touch: one operation an array on the same arrays',
      ...found.versions,
      ...found.notes,
    ],
    absent: found.absent,
    nameKey: 'way',
    derived: targets.map((target) => ({ target })),
    shared: { weights, block, pinned: found.bound },
  }
}

const blockText = (block: Block): string =>
  block.kind === 'size' ? `blocks of ${block.size}` : `one scale a ${block.kind}`

function refuseSmallMemory(weights: number, competitors: readonly KernelDefinition[]): void {
  const needed = weights * competitors.reduce((sum, { bytesPerWeight: bytes }) => sum + bytes, 0)
  if (needed <= freemem()) return
  const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1)
  throw new RangeError(
    `weights: expected room for ${weights} weights on ${competitors.length} ways, ${gib(needed)} GiB, found ${gib(freemem())} GiB free; ` +
      'take fewer weights or ways',
  )
}

function rowsOf(measured: readonly Measured<unknown, KernelAgreement>[], weights: number) {
  const perWeight = 1e6 / weights
  return measured.map((one) => {
    const { task: step, name: way, variant, threads, agreement, milliseconds } = one
    const touch = measured.find(
      (other) => other.task === 'touch' && other.name === way && other.threads === threads,
    )
    return {
      step,
      way,
      variant,
      threads,
      nanosecondsPerWeight: timesOf(milliseconds.values, perWeight),
      gigabytesPerSecond: BYTES_PER_WEIGHT / (milliseconds.median * perWeight),
      // Over the pass that touches the same bytes, on the same way; null where that is not measured.
      touchRatio: touch ? milliseconds.median / touch.milliseconds.median : null,
      // Null for ways that equal the reference in every bit, or have no result.
      agreement,
    }
  })
}

const nanoseconds = (value: number): string => value.toFixed(value < 10 ? 2 : 1)

const columns: readonly Column<KernelRow>[] = [
  ['step', ({ step }) => step],
  ['runs as', ({ way, variant }) => [way, variant].filter(Boolean).join(', '), 'left'],
  ['threads', ({ threads }) => `${threads}`],
  ['ns/weight: median (min … max)', (row) => withRange(row.nanosecondsPerWeight, nanoseconds)],
  ['GB/s', ({ gigabytesPerSecond }) => gigabytesPerSecond.toFixed(1)],
  ['of touch', ({ touchRatio }) => (touchRatio === null ? '' : `${touchRatio.toFixed(2)} ×`)],
]

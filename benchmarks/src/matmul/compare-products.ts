// The matrix products of a training step on each way to compute them. Comes in: a preset, who takes part.
// Goes out: a report, GFLOP/s. Source: docs/design/07-cpu.md, "Matrix products".

import { compare, type Measured } from '../harness/compare.js'
import type { BenchContext, Competitor, CompetitorDefinition } from '../harness/competitor.js'
import { boundText, tableOf, type BenchReport, type Column } from '../harness/report.js'
import { ifAsked } from '../harness/torch-competitor.js'
import type { EnginePreset } from '../engine/preset.js'
import {
  flopsOf,
  formOf,
  matmulCases,
  nameOf,
  type MatmulCase,
  type MatmulSubject,
  type Sample,
} from './matmul-case.js'
import { ours } from './ours.js'
import { tfjsWasm } from './tfjs-wasm.js'
import { torch } from './torch.js'

/** A way to multiply that may take part. */
export type Multiplier = CompetitorDefinition<MatmulSubject, Competitor<Sample>>

export interface ProductComparison {
  readonly preset: EnginePreset
  readonly rounds: number
  /** Thread counts of the ways that can use several. */
  readonly threads: readonly number[]
  /** The first one is the reference. */
  readonly competitors: readonly Multiplier[]
}

/** One product on one way. */
export type MatmulRow = ReturnType<typeof rowsOf>[number]

/** Who multiplies: one line a competitor. */
export const multipliers = (threads: readonly number[], withTorch: boolean): readonly Multiplier[] => [
  ...threads.map(ours),
  ...tfjsWasm,
  ifAsked(torch, withTorch),
]

/** Compare. @throws if two ways disagree; the signal's reason. */
export async function compareProducts(
  { preset, rounds, threads, competitors }: ProductComparison,
  context: BenchContext,
): Promise<BenchReport<MatmulRow>> {
  const cases = new Map(matmulCases(preset).map((one) => [nameOf(one), one]))
  const found = await compare(
    {
      subject: { cases: [...cases.values()], threads },
      competitors,
      agree: (sample, expected, { what, task }) => {
        const { depth } = cases.get(task)!
        sample.forEach((value, i) => {
          // Terms of up to ¼ in either order of summation.
          if (!(Math.abs(value - expected[i]!) <= (depth ** 2 * 2 ** -24) / 4))
            throw new Error(`${what}: expected ${expected[i]}, found ${value}`)
        })
        return null
      },
      rounds,
      warmup: 2,
      // Idle OpenMP threads of PyTorch spin for some milliseconds.
      pause: 15,
      boundThreads: Math.max(...threads),
    },
    context,
  )
  const rows = rowsOf(found.measured, cases)
  return {
    title: `matrix products of the ${preset.name} model's training step, GFLOP/s by the median; one product each a round, in turns`,
    device: found.device,
    facts: [boundText(found.bound)],
    rows,
    tables: [productTable(rows)],
    absent: found.absent,
    nameKey: 'way',
    shared: { preset: preset.name },
  }
}

function rowsOf(measured: readonly Measured<unknown, null>[], cases: ReadonlyMap<string, MatmulCase>) {
  return measured.map(({ task, name, threads, milliseconds }) => {
    const one = cases.get(task)!
    const { transposeA: _a, transposeB: _b, ...sizes } = one
    const gigaflops = flopsOf(one) / milliseconds.median / 1e6
    return { ...sizes, form: formOf(one), way: name, threads, milliseconds, gigaflops }
  })
}

/** A line a product, a column a way. */
function productTable(rows: readonly MatmulRow[]): BenchReport['tables'][number] {
  const wayOf = ({ way, threads }: MatmulRow): string => `${way}, ${threads} thread${threads > 1 ? 's' : ''}`
  const keyOf = ({ use, form }: MatmulRow): string => `${use} ${form}`
  const products = [...new Set(rows.map(keyOf))].map((key) => rows.filter((row) => keyOf(row) === key))
  const speed = (found: readonly MatmulRow[], is: (row: MatmulRow) => boolean): number =>
    found.find(is)?.gigaflops ?? NaN
  const text = (value: number): string => (Number.isNaN(value) ? '' : value.toFixed(1))
  return tableOf(products, [
    ['product', ([row]) => row!.use],
    ['rows × depth × columns', ([row]) => sizesOf(row!)],
    ['form', ([row]) => row!.form, 'left'],
    ...[...new Set(rows.map(wayOf))].map((way): Column<readonly MatmulRow[]> => [
      way,
      (found) => text(speed(found, (row) => wayOf(row) === way)),
    ]),
    [
      'ours / tfjs',
      (found) => {
        const ratio =
          speed(found, ({ way }) => way === 'ours') / speed(found, ({ way }) => way === 'tfjs wasm')
        return Number.isNaN(ratio) ? '' : `${text(ratio)} ×`
      },
    ],
  ])
}

const sizesOf = ({ batch, rows, depth, columns }: MatmulRow): string =>
  `${batch.length > 0 ? `${batch.join('·')} of ` : ''}${rows} × ${depth} × ${columns}`

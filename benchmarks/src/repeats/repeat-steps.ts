// Steps repeated on several threads: do their bits ever differ from those of one thread? Comes in: widths,
// how often. Goes out: for each case how many runs differed, and a run's time.
// Source: docs/design/06-traced-engine.md, order of sums.

import { significant } from '@lotion/cli/internal'
import type { Engine, Tree } from '@lotion/core'
import { onnxEngine, type OnnxEngine } from '@lotion/onnx'
import { sameBytes } from '@lotion/test-kit'
import type * as tf from '@tensorflow/tfjs'
import type { BenchContext } from '../harness/competitor.js'
import { deviceDescription } from '../harness/device-description.js'
import { tableOf, type BenchReport, type Column } from '../harness/report.js'
import { timesOf } from '../harness/times.js'
import { repeatedCases, type RepeatedCase } from './repeated-case.js'

export interface RepeatsOptions {
  readonly widths: readonly number[]
  /** Runs of each case on several threads. */
  readonly repeats: number
  readonly threads: number
  /** Opens the engine that is examined; default: the traced one. */
  readonly open?: (threads: number) => Promise<OnnxEngine>
}

/** One case after its runs. */
export interface RepeatsRow {
  readonly name: string
  readonly ids: string
  readonly width: number
  readonly repeats: number
  /** Runs of which at least one bit differed from the run on one thread. */
  readonly differing: number
  readonly milliseconds: { readonly median: number; readonly min: number; readonly max: number }
}

/** Run every case once on one thread, then again and again on several. @throws the signal's reason. */
export async function repeatSteps(
  options: RepeatsOptions,
  context: BenchContext,
): Promise<BenchReport<RepeatsRow>> {
  const { widths, repeats, threads } = options
  // A step that differed from eager tfjs would still be compared with itself.
  const open = options.open ?? ((count) => onnxEngine({ threads: count, verifyFirstStep: false }))
  const start = performance.now()
  const one = await open(1)
  try {
    const many = await open(threads)
    try {
      const cases = widths.flatMap(repeatedCases)
      const rows: RepeatsRow[] = []
      for (const example of cases) {
        rows.push(await repeated(example, [one, many], repeats, context.signal))
        context.progress('repeating', rows.length, cases.length, 'cases')
      }
      const runtime = `onnxruntime ${many.version}, ${many.binding} binding`
      return reportOf(rows, { threads, runtime, seconds: (performance.now() - start) / 1000 })
    } finally {
      await many.close()
    }
  } finally {
    await one.close()
  }
}

async function repeated(
  example: RepeatedCase,
  [one, many]: readonly [one: OnnxEngine, many: OnnxEngine],
  repeats: number,
  signal: AbortSignal,
): Promise<RepeatsRow> {
  const first = stepOf(one, example)
  const expected = Object.entries(await first.run()).map(([key, found]) => [key, found.slice()] as const)
  await first.close()
  const step = stepOf(many, example)
  let differing = 0
  const times: number[] = []
  for (let i = 0; i < repeats; i++) {
    signal.throwIfAborted()
    const before = performance.now()
    const found = await step.run()
    times.push(performance.now() - before)
    if (!expected.every(([key, bits]) => sameBytes(bits, found[key]))) differing++
  }
  await step.close()
  const { name, ids, width } = example
  const { median, min, max } = timesOf(times)
  return { name, ids, width, repeats, differing, milliseconds: { median, min, max } }
}

/** A case on an engine. Its results are views, overwritten by the next run. */
function stepOf(
  engine: Engine<tf.Tensor, Float32Array>,
  { name, shapes, params: values, batch, compute }: RepeatedCase,
): { run(): Promise<Tree<Float32Array>>; close(): Promise<void> } {
  const params = engine.allocate(shapes)
  for (const [key, array] of Object.entries(params)) array.set(values[key]!)
  if ('value' in compute) {
    const step = engine.forward(compute.value, name)
    return { run: () => step.run(params, batch), close: () => step.close() }
  }
  const step = engine.gradients(compute.gradients)
  return {
    run: async () => {
      const { loss, gradients } = await step.run(params, batch)
      return { ...gradients, ' loss': Float32Array.of(loss) }
    },
    close: () => step.close(),
  }
}

/** A line for each computation and kind of ids, a column for each width. */
function reportOf(
  rows: readonly RepeatsRow[],
  shared: { readonly threads: number; readonly runtime: string; readonly seconds: number },
): BenchReport<RepeatsRow> {
  const nameOf = ({ name, ids }: RepeatsRow): string => `${name}, ${ids}`
  const sum = (some: readonly RepeatsRow[], key: 'repeats' | 'differing'): number =>
    some.reduce((total, row) => total + row[key], 0)
  const widths = [...new Set(rows.map(({ width }) => width))]
  const lines = [...new Set(rows.map(nameOf))].map((name) => rows.filter((row) => nameOf(row) === name))
  const bad = rows
    .filter(({ differing }) => differing > 0)
    .map((row) => `${nameOf(row)}, width ${row.width} (${row.differing} of ${row.repeats})`)
  return {
    title: `runs on ${shared.threads} threads, each compared in every bit with one on 1 thread; medians; widths ${widths.join(', ')}`,
    device: deviceDescription(),
    facts: [shared.runtime],
    rows,
    tables: [
      tableOf(
        lines,
        [
          ['computation', ([row]) => nameOf(row!)],
          ['runs', (cases) => String(sum(cases, 'repeats'))],
          ['differing', (cases) => String(sum(cases, 'differing'))],
          ...widths.map((width): Column<readonly RepeatsRow[]> => {
            const median = (cases: readonly RepeatsRow[]) =>
              cases.find((one) => one.width === width)?.milliseconds.median
            return [`ms at ${width}`, (cases) => significant(median(cases) ?? null)]
          }),
        ],
        (cases) => sum(cases, 'differing') > 0,
      ),
    ],
    notes: [
      `${rows.length} cases, ${sum(rows, 'repeats')} runs, ${sum(rows, 'differing')} differing, ${shared.seconds.toFixed(0)} s`,
    ],
    shared,
    ...(bad.length === 0
      ? {}
      : {
          failed: `threads: expected the bits of one thread in every run, found others in ${bad.join('; ')}; please report it`,
        }),
  }
}

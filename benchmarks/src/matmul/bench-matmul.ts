// Speed of the matrix products of a training step, on each way to compute them, in turns. Comes in: a preset, threads.
// Goes out: a report, after a check that all ways compute the same. Source: docs/design/07-cpu.md, "Matrix products".

import { deviceDescription, type DeviceDescription } from '../engine/device-description.js'
import type { SkippedPeer } from '../engine/bench-engine.js'
import type { EnginePreset } from '../engine/engine-preset.js'
import { interleave } from '../engine/interleave.js'
import { stepTimes, type StepTimes } from '../engine/step-times.js'
import { bindThread, usableProcessors } from '../kernels/processors.js'
import { flopsOf, formOf, matmulCases, type MatmulCase } from './matmul-case.js'
import { executorWays, torchWays, wasmWays, type MatmulWay } from './matmul-way.js'

export interface MatmulBenchOptions {
  readonly preset: EnginePreset
  readonly rounds: number
  /** Thread counts of the ways that can use several. */
  readonly threads: readonly number[]
  /** Leave PyTorch out. */
  readonly withoutTorch: boolean
  readonly signal?: AbortSignal
  readonly log: (line: string) => void
}

/** One product on one way. */
export interface MatmulRow extends Omit<MatmulCase, 'transposeA' | 'transposeB'> {
  /** `NN`, `NT`, `TN` or `TT`. */
  readonly form: string
  readonly way: string
  readonly threads: number
  readonly milliseconds: StepTimes
  /** Of the median. */
  readonly gigaflops: number
}

/** What was measured where. */
export interface MatmulBenchReport {
  readonly preset: string
  readonly device: DeviceDescription
  readonly rows: readonly MatmulRow[]
  readonly skipped: readonly SkippedPeer[]
}

const warmup = 2
// Idle OpenMP threads of PyTorch spin for some milliseconds.
const pauseMilliseconds = 15
// A measurement repeats its product until it takes about a millisecond at 40 GFLOP/s, but not often: tfjs keeps the results.
const measuredFlops = 4e7
const mostRepeats = 16

/** Measure. @throws if two ways disagree; the signal's reason. */
export async function benchMatmul(options: MatmulBenchOptions): Promise<MatmulBenchReport> {
  const { preset, rounds, threads, withoutTorch, log, signal = new AbortController().signal } = options
  const cases = matmulCases(preset)
  // Before anything is bound: a bound process counts fewer processors.
  const device = deviceDescription()
  const all = usableProcessors()
  const processors = all.slice(0, Math.max(...threads))
  const ways: MatmulWay[] = [...executorWays(threads, processors)]
  const skipped: SkippedPeer[] = []
  try {
    const peers = [
      { engine: 'tfjs wasm', open: wasmWays },
      ...(withoutTorch
        ? []
        : [{ engine: 'PyTorch', open: () => torchWays(threads, { log, signal, processors }) }]),
    ]
    for (const { engine, open } of peers) {
      const found = await open()
      if ('skipped' in found) {
        skipped.push({ engine, skipped: found.skipped })
        log(`SKIPPED ${engine}: ${found.skipped}`)
      } else ways.push(...found)
    }
    if (processors[0] !== undefined) bindThread(process.pid, processors[0])
    await checkSame(cases, ways, signal)
    log(`${ways.length} ways compute the same ${cases.length} products; ${rounds} rounds`)
    const entries = cases.flatMap((one) =>
      ways.map((way) => ({
        one,
        way,
        rounds: Math.min(way.rounds, rounds),
        run: async () =>
          (await way.run(one, Math.min(mostRepeats, Math.ceil(measuredFlops / flopsOf(one))))).milliseconds,
      })),
    )
    const times = await interleave(entries, { rounds, warmup, pause: pauseMilliseconds, signal })
    const rows = entries.map(({ one, way }, i): MatmulRow => {
      const milliseconds = stepTimes(times[i] ?? [])
      const { transposeA: _a, transposeB: _b, ...sizes } = one
      return {
        ...sizes,
        form: formOf(one),
        way: way.name,
        threads: way.threads,
        milliseconds,
        gigaflops: flopsOf(one) / milliseconds.median / 1e6,
      }
    })
    return { preset: preset.name, device, rows, skipped }
  } finally {
    for (const way of ways.toReversed()) await way.close()
    if (all.length > 0) bindThread(process.pid, ...all)
  }
}

/** Multiply once on every way and compare samples with the first way's. */
async function checkSame(
  cases: readonly MatmulCase[],
  ways: readonly MatmulWay[],
  signal: AbortSignal,
): Promise<void> {
  for (const one of cases) {
    let expected: readonly number[] | undefined
    for (const way of ways) {
      signal.throwIfAborted()
      const { sample } = await way.run(one, 1)
      expected ??= sample
      sample.forEach((value, i) => {
        // Terms of up to ¼ in either order of summation.
        if (Math.abs(value - expected![i]!) > (one.depth ** 2 * 2 ** -24) / 4)
          throw new Error(`${one.use}, ${formOf(one)}: ${way.name}: expected ${expected![i]}, found ${value}`)
      })
    }
  }
}

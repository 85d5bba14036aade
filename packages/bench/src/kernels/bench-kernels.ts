// Time of optimizer steps a weight, on each way to run them, in turns. Comes in: sizes and threads. Goes out: a report,
// after a check that all ways give the same bits. Source: docs/design/07-cpu.md.

import { layoutOf, uniforms, type Tree } from '@lotion/core'
import { cpuExecutor, type CpuExecutor } from '@lotion/cpu'
import { deviceDescription, type DeviceDescription } from '../engine/device-description.js'
import { interleave } from '../engine/interleave.js'
import { stepTimes, type StepTimes } from '../engine/step-times.js'
import { bytesPerWeight, kernelCases, stepArrays, type KernelCase } from './kernel-case.js'

export interface KernelBenchOptions {
  readonly weights: number
  readonly rounds: number
  /** Thread counts of WebAssembly. */
  readonly threads: readonly number[]
  /** Measure emitted JavaScript too. */
  readonly js: boolean
  readonly signal?: AbortSignal
  readonly log: (line: string) => void
}

/** One step on one way to run it. */
export interface KernelRow {
  readonly step: string
  /** `wasm` or `js`. */
  readonly backend: string
  readonly threads: number
  readonly nanosecondsPerWeight: StepTimes
  /** Of the median. */
  readonly gigabytesPerSecond: number
  /** Median over the median of the pass that touches the same bytes, on the same way; null for JavaScript. */
  readonly touchRatio: number | null
}

/** What was measured where. */
export interface KernelBenchReport {
  readonly weights: number
  readonly device: DeviceDescription
  readonly rows: readonly KernelRow[]
}

const warmup = 4
// JavaScript takes tens of times as long: fewer rounds say as much.
const jsRounds = 5

interface Way {
  readonly backend: string
  readonly executor: CpuExecutor
  readonly threads: number
  readonly rounds: number
  readonly arrays: Tree<Float32Array>
}

/** Measure. @throws if two ways differ in a bit; the signal's reason. */
export async function benchKernels(options: KernelBenchOptions): Promise<KernelBenchReport> {
  const { weights, rounds, threads, js, log, signal } = options
  const ways = [
    ...threads.map((count) => wayOf('wasm', cpuExecutor({ threads: count }), count, rounds, weights)),
    ...(js ? [wayOf('js', cpuExecutor({ wasm: false }), 1, Math.min(rounds, jsRounds), weights)] : []),
  ]
  try {
    for (const one of kernelCases) checkSame(one, ways, Math.min(weights, 2 ** 16))
    log(
      `${ways.length} ways to run ${kernelCases.length} steps give the same bits; ${weights} weights, ${rounds} rounds`,
    )
    const entries = kernelCases.flatMap((one) =>
      ways.map((way) => ({ one, way, rounds: way.rounds, run: () => Promise.resolve(time(one, way)) })),
    )
    const times = await interleave(entries, { rounds, warmup, pause: 2, ...(signal ? { signal } : {}) })
    const measured = entries.map(({ one, way }, i) => ({
      step: one.name,
      backend: way.backend,
      threads: way.threads,
      nanosecondsPerWeight: stepTimes((times[i] ?? []).map((milliseconds) => (milliseconds * 1e6) / weights)),
    }))
    const rows = measured.map((row): KernelRow => {
      const { median } = row.nanosecondsPerWeight
      const bound = measured.find(
        ({ step, backend, threads: count }) =>
          step === 'touch' && backend === row.backend && count === row.threads,
      )
      return {
        ...row,
        gigabytesPerSecond: bytesPerWeight / median,
        touchRatio: row.backend === 'js' || !bound ? null : median / bound.nanosecondsPerWeight.median,
      }
    })
    return { weights, device: deviceDescription(), rows }
  } finally {
    for (const { executor } of ways) executor.close()
  }
}

function wayOf(
  backend: string,
  executor: CpuExecutor,
  threads: number,
  rounds: number,
  weights: number,
): Way {
  const arrays = executor.allocate(Object.fromEntries(stepArrays.map((name) => [name, [weights]])))
  for (const [stream, array] of Object.entries(arrays)) fill(array, stream)
  return { backend, executor, threads, rounds, arrays }
}

/** Values in ±½, the second moment a thousandth of that and positive; a short sequence, repeated. */
function fill(array: Float32Array, stream: string): void {
  const scale = stream === 'w' ? 1 : stream === 'adamw.v' ? 1e-3 : 1
  const offset = stream === 'adamw.v' ? 0 : 0.5
  const values = uniforms({ seed: 0, stream }, Math.min(array.length, 2 ** 16)).map(
    (u) => (u - offset) * scale,
  )
  for (let at = 0; at < array.length; at += values.length)
    array.set(values.subarray(0, array.length - at), at)
}

function run({ fn, block, scalars }: KernelCase, executor: CpuExecutor, arrays: Tree<Float32Array>): void {
  const { gradient: _read, ...into } = arrays
  const length = arrays['w']?.length ?? 0
  executor.lanes([{ fn, inputs: { ...arrays, ...scalars }, layout: layoutOf([length], block), into }])
}

function time(one: KernelCase, { executor, arrays }: Way): number {
  const start = performance.now()
  run(one, executor, arrays)
  return performance.now() - start
}

/** Take a step on every way from the same start. */
function checkSame(one: KernelCase, ways: readonly Way[], weights: number): void {
  const results = ways.map(({ executor }) => {
    const arrays = executor.allocate(Object.fromEntries(stepArrays.map((name) => [name, [weights]])))
    for (const [stream, array] of Object.entries(arrays)) fill(array, stream)
    run(one, executor, arrays)
    return arrays
  })
  const [first, ...others] = results
  for (const [i, other] of others.entries()) {
    for (const [name, array] of Object.entries(other)) {
      const at = array.findIndex((value, k) => !Object.is(value, first?.[name]?.[k]))
      if (at < 0) continue
      const { backend, threads } = ways[i + 1]!
      throw new Error(
        `${one.name}: ${backend} on ${threads} threads: expected ${name}[${at}] = ${first?.[name]?.[at]}, found ${array[at]}`,
      )
    }
  }
}

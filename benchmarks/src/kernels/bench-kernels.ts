// Time of optimizer steps a weight, on each way to run them, in turns. Comes in: sizes, steps, ways. Goes out: a report,
// after a check that all ways take the same step. Source: docs/design/04-bench.md, docs/design/07-cpu.md.

import { freemem } from 'node:os'
import type { Tree } from '@lotion/core'
import { deviceDescription, type DeviceDescription } from '../engine/device-description.js'
import { interleave } from '../engine/interleave.js'
import { stepTimes, type StepTimes } from '../engine/step-times.js'
import { checkBits, checkDistance, type KernelAgreement } from './kernel-agreement.js'
import { bytesPerWeight, type KernelCase } from './kernel-case.js'
import { kernelTargets, type KernelTarget } from './kernel-targets.js'
import type { KernelWay, WayDefinition, WayStep } from './kernel-way.js'
import { bindThread, usableProcessors } from './processors.js'

export interface KernelBenchOptions {
  readonly weights: number
  readonly cases: readonly KernelCase[]
  /** The first one is the reference of the others. */
  readonly ways: readonly WayDefinition[]
  readonly rounds: number
  /** Threads of ways that can use several. */
  readonly threads: number
  /** Bind threads to processors while measuring. */
  readonly pin: boolean
  readonly signal?: AbortSignal
  readonly log: (line: string) => void
  /** Called as work is done: what, how much of it, of how much. */
  readonly onProgress?: (what: string, done: number, total: number) => void
}

/** One step on one way to run it, in one form. */
export interface KernelRow {
  readonly step: string
  readonly way: string
  readonly variant: string
  readonly threads: number
  readonly nanosecondsPerWeight: StepTimes
  /** Of the median. */
  readonly gigabytesPerSecond: number
  /** Median over the median of the pass that touches the same bytes, on the same way; null where that is not measured. */
  readonly touchRatio: number | null
  /** Distance from the reference; null for ways that equal it in every bit, or have no result. */
  readonly agreement: KernelAgreement | null
}

/** A way that did not take part, and why. */
export interface SkippedWay {
  readonly way: string
  readonly skipped: string
}

/** What was measured where. */
export interface KernelBenchReport {
  readonly weights: number
  readonly block: string
  readonly device: DeviceDescription
  readonly rows: readonly KernelRow[]
  readonly targets: readonly KernelTarget[]
  /** What is bound where, a line a way. */
  readonly pinned: readonly string[]
  readonly versions: readonly string[]
  /** Steps that ran otherwise than their way's name says, and why. */
  readonly notes: readonly string[]
  readonly skipped: readonly SkippedWay[]
}

const warmup = 2
// Steps of tens of nanoseconds a weight: fewer rounds say as much.
const slowRounds = (weights: number): number => (weights > 2 ** 24 ? 2 : 3)
// Idle OpenMP threads of PyTorch spin for some milliseconds; after this all cores are free for the next way.
const pauseMilliseconds = 40

interface Entry {
  readonly way: KernelWay
  readonly step: WayStep
  readonly agreement: KernelAgreement | null
  readonly rounds: number
  run(): Promise<number>
}

/** Measure. @throws if two ways do not take the same step; the signal's reason. */
export async function benchKernels(options: KernelBenchOptions): Promise<KernelBenchReport> {
  const { weights, cases, rounds, threads, pin, log, onProgress } = options
  const signal = options.signal ?? new AbortController().signal
  refuseSmallMemory(options)
  // Before anything is bound: a bound process counts fewer processors.
  const device = deviceDescription()
  const all = pin ? usableProcessors() : []
  const processors = all.slice(0, threads)
  const ways: KernelWay[] = []
  const skipped: SkippedWay[] = []
  try {
    for (const definition of options.ways) {
      signal.throwIfAborted()
      const way = await definition.open({ weights, cases, threads }, { log, signal, processors })
      if ('skipped' in way) {
        skipped.push({ way: definition.name, skipped: way.skipped })
        log(`SKIPPED ${definition.name}: ${way.skipped}`)
      } else ways.push(way)
    }
    const entries = await checked(ways, options, signal)
    const notes = ways.flatMap(({ name, notes: of }) => of?.().map((note) => `${name}: ${note}`) ?? [])
    for (const note of new Set(notes)) log(note)
    const pinned = processors.length < threads ? [] : await pinnedWays(ways, processors)
    const times = await interleave(entries, {
      rounds,
      warmup,
      pause: pauseMilliseconds,
      signal,
      onStep: (done, total) => onProgress?.('measuring', done, total),
    })
    const rows = rowsOf(entries, times, weights)
    return {
      weights,
      block: [...new Set(cases.flatMap(({ lotion, block }) => (lotion ? [blockText(block)] : [])))].join(
        ', ',
      ),
      device,
      rows,
      targets: kernelTargets(rows),
      pinned,
      versions: ways
        .filter(({ version }) => version !== '')
        .map(({ name, version }) => `${name}: ${version}`),
      notes: [...new Set(notes)],
      skipped,
    }
  } finally {
    for (const way of ways) await way.close()
    if (all.length > 0) bindThread(process.pid, ...all)
  }
}

const blockText = (block: KernelCase['block']): string =>
  block.kind === 'size' ? `blocks of ${block.size}` : `one scale a ${block.kind}`

function refuseSmallMemory({ weights, ways }: KernelBenchOptions): void {
  const needed = weights * ways.reduce((sum, { bytesPerWeight: bytes }) => sum + bytes, 0)
  if (needed <= freemem()) return
  const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1)
  throw new RangeError(
    `weights: expected room for ${weights} weights on ${ways.length} ways, ${gib(needed)} GiB, found ${gib(freemem())} GiB free; ` +
      'take fewer weights or ways',
  )
}

async function pinnedWays(ways: readonly KernelWay[], processors: readonly number[]): Promise<string[]> {
  const lines: string[] = []
  for (const way of ways) {
    if (way.pin) lines.push(`${way.name}, ${way.threads}: ${await way.pin(processors.slice(0, way.threads))}`)
  }
  return lines
}

/** Take every step once from the start, and compare what it wrote. */
async function checked(
  ways: readonly KernelWay[],
  { weights, rounds, log, onProgress }: KernelBenchOptions,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const references = new Map<string, Tree<Float32Array>>()
  const total = ways.reduce((sum, { steps }) => sum + steps.length, 0)
  const entries: Entry[] = []
  for (const way of ways) {
    for (const step of way.steps) {
      signal.throwIfAborted()
      const start = performance.now()
      const what = [step.step, way.name, `${way.threads} threads`, step.variant].filter(Boolean).join(', ')
      const found = await step.first()
      const expected = references.get(step.step)
      let agreement: KernelAgreement | null = null
      if (found && !expected) references.set(step.step, found)
      else if (found && expected && way.exact) checkBits(what, found, expected)
      else if (found && expected) agreement = checkDistance(what, found, expected, weights)
      const seconds = (performance.now() - start) / 1000
      if (seconds > 2) log(`${what}: first step after ${seconds.toFixed(0)} s`)
      entries.push({
        way,
        step,
        agreement,
        rounds: step.slow ? Math.min(rounds, slowRounds(weights)) : rounds,
        run: () => step.run(),
      })
      onProgress?.('checking', entries.length, total)
    }
  }
  return entries
}

function rowsOf(
  entries: readonly Entry[],
  times: readonly (readonly number[])[],
  weights: number,
): readonly KernelRow[] {
  const measured = entries.map(({ way, step, agreement }, i) => ({
    step: step.step,
    way: way.name,
    variant: step.variant,
    threads: way.threads,
    nanosecondsPerWeight: stepTimes((times[i] ?? []).map((milliseconds) => (milliseconds * 1e6) / weights)),
    agreement,
  }))
  return measured.map((row): KernelRow => {
    const { median } = row.nanosecondsPerWeight
    const bound = measured.find(
      ({ step, way, threads }) => step === 'touch' && way === row.way && threads === row.threads,
    )
    return {
      ...row,
      gigabytesPerSecond: bytesPerWeight / median,
      touchRatio: bound ? median / bound.nanosecondsPerWeight.median : null,
    }
  })
}

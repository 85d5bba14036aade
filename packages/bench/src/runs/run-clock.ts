// Times of a run. Comes in: starts and stops. Goes out: seconds of training, tokens a second.
// Source: docs/design/04-bench.md. The speed is that of the median step: other programs on the machine, a
// page's first touch, a pause of the collector are no part of what a step takes.

import type { Timing } from '../records.js'

/** Where a clock stands, as plain data. */
export interface ClockState {
  /** Milliseconds of training. */
  readonly total: number
  /** How many steps took how long: [k, count] of those of about `STEP_RATIO`^k milliseconds. */
  readonly steps: readonly (readonly [k: number, count: number])[]
}

/** A clock that is halted while weights are evaluated. */
export interface RunClock {
  start(): void
  stop(): void
  /** Note the end of a step. */
  stepped(): void
  /** Times so far. */
  timing(): Timing
  /** For a clock that goes on from here. */
  state(): ClockState
}

/** Durations are told apart by 1 %: a run of any length keeps a few hundred counts. */
const STEP_RATIO = 1.01

/** Make the clock of a run of so many steps; of one that is continued with where its clock stood. */
export function runClock(
  steps: number,
  tokensPerStep: number | undefined,
  from: ClockState = { total: 0, steps: [] },
): RunClock {
  let { total } = from
  const counts = new Map(from.steps)
  let since: number | undefined
  // The first step of the first method, and of a run that is continued, traces the model and checks it: no
  // part of what a step takes, for no method.
  let isFirst = steps > 1
  let before = total
  const milliseconds = (): number => total + (since === undefined ? 0 : performance.now() - since)
  return {
    start: () => void (since = performance.now()),
    stop: () => {
      total = milliseconds()
      since = undefined
    },
    stepped: () => {
      const now = milliseconds()
      const taken = now - before
      before = now
      if (!isFirst && taken > 0) {
        const k = Math.round(Math.log(taken) / Math.log(STEP_RATIO))
        counts.set(k, (counts.get(k) ?? 0) + 1)
      }
      isFirst = false
    },
    state: () => ({ total: milliseconds(), steps: [...counts].sort(([a], [b]) => a - b) }),
    timing: () => {
      const median = medianOf(counts)
      const perSecond = median === undefined ? 0 : 1000 / median
      return {
        at: new Date().toISOString(),
        trainingSeconds: Math.round(milliseconds()) / 1000,
        ...(tokensPerStep === undefined ? {} : { tokensPerSecond: Math.round(perSecond * tokensPerStep) }),
      }
    },
  }
}

/** Milliseconds of the middle one of all steps; of two middle ones the shorter. */
function medianOf(counts: ReadonlyMap<number, number>): number | undefined {
  const sorted = [...counts].sort(([a], [b]) => a - b)
  const all = sorted.reduce((sum, [, count]) => sum + count, 0)
  let passed = 0
  for (const [k, count] of sorted) {
    passed += count
    if (2 * passed >= all) return STEP_RATIO ** k
  }
  return undefined
}

/**
 * Seconds that the processors have worked for this process since it was made, to a hundredth.
 * @param from Those of a run's earlier processes.
 */
export function processorClock(from = 0): () => number {
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return Math.round(100 * from + (user + system) / 1e4) / 100
  }
}

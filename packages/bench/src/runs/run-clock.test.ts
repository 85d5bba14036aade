import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { processorClock, runClock } from './run-clock.js'

let now = 0
beforeEach(() => {
  now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => vi.restoreAllMocks())

/** Steps that take so many milliseconds, with a halt of a second after each. */
function take(clock: ReturnType<typeof runClock>, durations: readonly number[]): void {
  for (const duration of durations) {
    clock.start()
    now += duration
    clock.stepped()
    clock.stop()
    now += 1000
  }
}

test('the speed is that of the median step: neither the first, nor one that waited, nor halts count', () => {
  const clock = runClock(100, 64)
  take(clock, [5000, 10, 10, 900, 11, 10, 10])
  // 64 tokens in 10 ms, told apart by 1 %.
  expect(clock.timing().tokensPerSecond! / 6400).toBeCloseTo(1, 2)
  expect(clock.timing().trainingSeconds).toBe(5.951)
})

test('a clock goes on from its state, whose first step counts as little', () => {
  const clock = runClock(100, 64)
  take(clock, [5000, 10, 10, 10])
  const kept = JSON.parse(JSON.stringify(clock.state())) as ReturnType<typeof clock.state>
  const later = runClock(100, 64, kept)
  take(later, [3000, 20, 20])
  expect(later.timing().tokensPerSecond! / 6400).toBeCloseTo(1, 2)
  expect(later.timing().trainingSeconds).toBe(8.07)
  take(later, [20, 20])
  expect(later.timing().tokensPerSecond! / 3200).toBeCloseTo(1, 2)
})

test('without tokens there is no speed, before the second step it is 0', () => {
  expect(runClock(5, undefined).timing()).not.toHaveProperty('tokensPerSecond')
  expect(runClock(5, 64).timing().tokensPerSecond).toBe(0)
})

test('processor time is what this process worked since the clock was made', () => {
  const clock = processorClock()
  const before = process.cpuUsage()
  const worked = (): number => process.cpuUsage(before).user / 1e6
  while (worked() < 0.05);
  expect(clock()).toBeGreaterThanOrEqual(0.05)
  expect(processorClock()()).toBeLessThan(clock())
})

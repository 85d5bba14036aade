import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { progressLine, type ProgressLineOptions } from './progress-line.js'
import { wholeProgress } from './whole-progress.js'

type Stream = NonNullable<ProgressLineOptions['stream']>

/** A stream that keeps what it gets. */
function recorder(terminal: { readonly isTTY?: boolean; readonly columns?: number } = {}): {
  stream: Stream
  text(): string
} {
  const pieces: string[] = []
  const through = Object.assign(new PassThrough(), terminal)
  through.on('data', (piece: Buffer) => pieces.push(piece.toString()))
  // cli-progress moves the cursor through node:readline, which needs no more than `write`.
  return { stream: through as unknown as Stream, text: () => pieces.join('') }
}

/** A clock that shows what it is set to. */
function stoppedClock(): { seconds: number; now(): number } {
  const watch = { seconds: 100, now: () => watch.seconds }
  return watch
}

test('without a terminal: one plain line every tenth, the last at the end', () => {
  const { stream, text } = recorder()
  const watch = stoppedClock()
  const line = progressLine({ label: 'lotion', total: 40, stream, now: watch.now })
  for (let step = 1; step <= 40; step++) {
    watch.seconds += 0.5
    line.update({ step, loss: 4 - step / 20, tokensPerSecond: 31_234 })
  }
  line.stop()
  const lines = text().split('\n')
  expect(lines).toHaveLength(11)
  // Step 4 of 40 after 2 s: 18 s for the other 36.
  expect(lines[0]).toBe('lotion    10 %  loss 3.800  31.2k tokens/s  00:18 left')
  expect(lines[9]).toBe('lotion   100 %  loss 2.000  31.2k tokens/s  00:20 in all')
  expect(lines[10]).toBe('')
})

test('without a terminal and without lines: silence', () => {
  const { stream, text } = recorder()
  const line = progressLine({ label: 'runs', total: 2, stream, plainLines: false })
  line.update({ step: 2 })
  line.stop()
  expect(text()).toBe('')
})

test('steps that skip several tenths print one line', () => {
  const { stream, text } = recorder()
  const line = progressLine({ label: 'qat', total: 3, stream, now: stoppedClock().now })
  for (const step of [1, 2, 3]) line.update({ step })
  expect(
    text()
      .split('\n')
      .slice(0, -1)
      .map((shown) => shown.slice(0, 15).trim()),
  ).toEqual(['qat       33 %', 'qat       66 %', 'qat      100 %'])
})

test('on a terminal: a bar that is redrawn, cut to the width, ending in its last state', () => {
  const { stream, text } = recorder({ isTTY: true, columns: 200 })
  const watch = stoppedClock()
  const line = progressLine({ label: 'lotion', total: 50, unit: 'runs', stream, now: watch.now })
  watch.seconds += 30
  line.update({ step: 21, loss: 1.9123, tokensPerSecond: 31_200 })
  line.stop()
  // 21 of 50 in 30 s leaves 29 · 30/21 = 41.4 s; the bar has 20 cells, of which 8.4 are full.
  expect(text()).toContain(
    `lotion   ${'█'.repeat(8)}${'░'.repeat(12)}   42 %  21/50 runs  loss 1.912  31.2k tokens/s  00:41 left`,
  )
  const narrow = recorder({ isTTY: true, columns: 12 })
  progressLine({ label: 'lotion', total: 50, stream: narrow.stream }).stop()
  expect(narrow.text()).toContain('lotion   ░░░')
  expect(narrow.text()).not.toContain('░░░░')
})

test('of several pieces of work it shows how far all are, in the same line', () => {
  const { stream, text } = recorder({ isTTY: true, columns: 200 })
  const watch = stoppedClock()
  const whole = wholeProgress({ pieces: 4, steps: 50, now: watch.now })
  for (const label of ['ptq', 'lotion']) {
    const line = progressLine({ label, total: 50, stream, whole, memory: () => 1.5e9, now: watch.now })
    for (let step = 1; step <= (label === 'ptq' ? 50 : 20); step++) {
      watch.seconds++
      line.update({ step, loss: 2 })
    }
    line.stop()
    whole.next()
  }
  // 70 s for 70 of 200 steps.
  expect(text()).toContain(
    `lotion   ████░░░░░░   40 %  00:30 left  all ████░░░░░░ 35 %  02:10 left  loss 2.000  1.40 GiB`,
  )
  const plain = recorder()
  const line = progressLine({ label: 'qat', total: 50, stream: plain.stream, whole, now: watch.now })
  line.update({ step: 5 })
  expect(plain.text()).toBe('qat       10 %  00:00 left  all 52 %  01:34 left\n')
})

test('what an earlier process had done counts as done, and takes no time', () => {
  const watch = stoppedClock()
  const whole = wholeProgress({ pieces: 3, steps: 10, now: watch.now })
  expect(whole.state()).toEqual({ share: 0, left: Infinity })
  whole.next()
  expect(whole.state()).toEqual({ share: 1 / 3, left: Infinity })
  // Goes on at step 6; 2 s a step, 15 left.
  watch.seconds += 2
  whole.update(6)
  expect(whole.state()).toEqual({ share: 16 / 30, left: 28 })
  for (const step of [7, 8, 9, 10]) {
    watch.seconds += 2
    whole.update(step)
  }
  whole.next()
  expect(whole.state().left).toBe(20)
  whole.next()
  expect(whole.state()).toEqual({ share: 1, left: 0 })
})

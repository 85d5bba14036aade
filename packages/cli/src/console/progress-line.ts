// A live line for work that takes a while. Comes in: steps done, loss, speed. Goes out: one line on a
// terminal, redrawn in place, or a plain line every tenth where there is no terminal. Source: cli-progress
// draws the terminal's line.

import { bytesText } from '@lotion/core/internal'
import cliProgress from 'cli-progress'
import { clock, rate } from './number-text.js'
import type { WholeProgress } from './whole-progress.js'

/** Where a piece of work stands. */
export interface ProgressUpdate {
  /** Done so far, of the line's total. */
  readonly step: number
  readonly loss?: number
  readonly tokensPerSecond?: number
}

/** A line that follows one piece of work. */
export interface ProgressLine {
  /** Show where the work stands. */
  update(progress: ProgressUpdate): void
  /** Leave the line as it is and go to the next. To be called in any case: it holds a timer. */
  stop(): void
}

/** What a line follows, and where it is drawn. */
export interface ProgressLineOptions {
  /** What is being done: a method's name. */
  readonly label: string
  /** Steps in all. */
  readonly total: number
  /** Shows `3/10 runs` too. */
  readonly unit?: string
  /** Shows after it how far all such pieces of work are. It is told of this one's steps. */
  readonly whole?: WholeProgress
  /** Bytes in use, shown at the end. */
  readonly memory?: () => number
  /** Default: standard error. */
  readonly stream?: NodeJS.WriteStream
  /** Lines where there is no terminal. Default true. */
  readonly plainLines?: boolean
  /** Seconds on a clock that never goes back; for tests. */
  readonly now?: () => number
}

const BAR_WIDTH = 20
/** Of each of two in one line. */
const HALF_WIDTH = 10
const LABEL_WIDTH = 7

/** Start a line. Time left is extrapolated from the steps since the start. */
export function progressLine(options: ProgressLineOptions): ProgressLine {
  const {
    label,
    total,
    unit,
    whole,
    memory,
    stream = process.stderr,
    plainLines = true,
    now = () => performance.now() / 1000,
  } = options
  const start = now()
  let last: ProgressUpdate = { step: 0 }
  const barOf = (share: number, width: number): string => {
    const full = Math.round(share * width)
    return '█'.repeat(full) + '░'.repeat(width - full)
  }
  const percent = (share: number): string => `${String(Math.floor(100 * share)).padStart(3)} %`
  // What a narrow terminal cuts off comes last. One line, not one for each bar: a warning that is written
  // between two redraws would push the lines down, and the next redraw would write over it.
  const parts = (width: number): string => {
    const { step, loss, tokensPerSecond } = last
    const share = total > 0 ? Math.min(1, step / total) : 1
    const elapsed = now() - start
    const left =
      step < total
        ? `${clock(step > 0 ? (elapsed / step) * (total - step) : Infinity)} left`
        : `${clock(elapsed)} in all`
    const all = whole?.state()
    return [
      label.padEnd(LABEL_WIDTH),
      ...(width > 0 ? [barOf(share, all ? HALF_WIDTH : width)] : []),
      percent(share),
      ...(unit ? [`${step}/${total} ${unit}`] : []),
      ...(all
        ? [
            left,
            ['all', ...(width > 0 ? [barOf(all.share, HALF_WIDTH)] : []), percent(all.share).trim()].join(
              ' ',
            ),
            `${clock(all.left)} left`,
          ]
        : []),
      ...(loss === undefined ? [] : [`loss ${loss.toFixed(3)}`]),
      ...(tokensPerSecond === undefined ? [] : [`${rate(tokensPerSecond)} tokens/s`]),
      ...(all ? [] : [left]),
      ...(memory ? [bytesText(memory())] : []),
    ].join('  ')
  }
  const reach = (progress: ProgressUpdate): void => {
    last = progress
    if (progress.step > 0) whole?.update(progress.step)
  }
  if (!stream.isTTY) {
    let tenth = 0
    return {
      update: (progress) => {
        reach(progress)
        const reached = Math.floor((10 * progress.step) / total)
        if (!plainLines || reached <= tenth) return
        tenth = reached
        stream.write(`${parts(0)}\n`)
      },
      stop: () => undefined,
    }
  }
  const bar = new cliProgress.SingleBar({
    format: () => parts(BAR_WIDTH),
    stream,
    // Whoever stops the program decides what is drawn last. The terminal's settings stay as they are, so that
    // an exit at any time leaves it in order; with wrapping on, the library cuts the line to the terminal's
    // width.
    gracefulExit: false,
    linewrap: true,
    fps: 8,
  })
  bar.start(total, 0)
  return {
    update: (progress) => {
      reach(progress)
      bar.update(progress.step)
    },
    stop: () => bar.stop(),
  }
}

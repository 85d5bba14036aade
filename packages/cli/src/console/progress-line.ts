// A live line for work that takes a while. Comes in: steps done, loss, speed. Goes out: one line on a
// terminal, redrawn in place, or a plain line every tenth where there is no terminal. Source: cli-progress
// draws the terminal's line.

import cliProgress from 'cli-progress'
import { clock, rate } from './number-text.js'

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
  /** Default: standard error. */
  readonly stream?: NodeJS.WriteStream
  /** Lines where there is no terminal. Default true. */
  readonly plainLines?: boolean
  /** Seconds on a clock that never goes back; for tests. */
  readonly now?: () => number
}

const BAR_WIDTH = 20
const LABEL_WIDTH = 7

/** Start a line. Time left is extrapolated from the steps since the start. */
export function progressLine(options: ProgressLineOptions): ProgressLine {
  const {
    label,
    total,
    unit,
    stream = process.stderr,
    plainLines = true,
    now = () => performance.now() / 1000,
  } = options
  const start = now()
  let last: ProgressUpdate = { step: 0 }
  const parts = (bar: string): string => {
    const { step, loss, tokensPerSecond } = last
    const share = total > 0 ? Math.min(1, step / total) : 1
    const elapsed = now() - start
    return [
      label.padEnd(LABEL_WIDTH),
      ...(bar ? [bar] : []),
      `${String(Math.floor(100 * share)).padStart(3)} %`,
      ...(unit ? [`${step}/${total} ${unit}`] : []),
      ...(loss === undefined ? [] : [`loss ${loss.toFixed(3)}`]),
      ...(tokensPerSecond === undefined ? [] : [`${rate(tokensPerSecond)} tokens/s`]),
      step < total
        ? `${clock(step > 0 ? (elapsed / step) * (total - step) : Infinity)} left`
        : `${clock(elapsed)} in all`,
    ].join('  ')
  }
  if (!stream.isTTY) {
    let tenth = 0
    return {
      update: (progress) => {
        last = progress
        const reached = Math.floor((10 * progress.step) / total)
        if (!plainLines || reached <= tenth) return
        tenth = reached
        stream.write(`${parts('')}\n`)
      },
      stop: () => undefined,
    }
  }
  const bar = new cliProgress.SingleBar({
    format: (_options, { progress }) => {
      const full = Math.round(progress * BAR_WIDTH)
      return parts('█'.repeat(full) + '░'.repeat(BAR_WIDTH - full))
    },
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
      last = progress
      bar.update(progress.step)
    },
    stop: () => bar.stop(),
  }
}

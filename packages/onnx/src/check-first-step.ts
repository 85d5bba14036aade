// Decides how a fresh trace is checked: whole, by a slice of its batch, or not at all. Comes in: the first
// run of a session, with what it would cost on tfjs's cpu backend. Goes out: nothing, or an error.

import type { Batch, GradientResult, Program, Tree } from '@lotion/core'
import type * as tf from '@tensorflow/tfjs-core'
import { firstRows, rowsOf } from './first-rows.js'
import type { TracedRun, TracedStep } from './traced-step.js'
import { type Verdict, verifyStep } from './verify-first-step.js'

/** Longest check made unasked, in seconds on tfjs's cpu backend, estimated from the shapes of the trace. */
const CHECK_SECONDS = 1

/** Hold the first run of a session, and the means to run it again. */
export interface FirstRun {
  readonly program: Program<tf.Tensor>
  /** Parameters whose gradients there are. */
  readonly of: readonly string[]
  readonly params: Tree<Float32Array>
  readonly batch: Batch
  readonly run: TracedRun
  readonly result: GradientResult<Float32Array>
  readonly step: TracedStep
  /** Make a step of the same program, for other batch shapes; it is closed after the check. */
  another(): TracedStep
  resultOf(run: TracedRun, params: Tree<Float32Array>, batch: Batch): GradientResult<Float32Array>
  onWarning(message: string): void
}

/**
 * Check a first run: `true` the whole batch, whatever it costs; 'small' as many rows of it as take
 * `CHECK_SECONDS`, none if one row takes longer.
 * @throws if it disagrees; with `true` also if it cannot be checked.
 */
export async function checkFirstStep(first: FirstRun, mode: true | 'small'): Promise<void> {
  let settled = false
  let verdict: Verdict
  try {
    verdict = mode === true ? await whole(first) : await affordable(first)
    settled = verdict === 'agrees' || (verdict.unable && mode === 'small')
  } finally {
    // Until a step has agreed, the next one is a first one: a refused step stays refused, and what could not
    // be told is asked again.
    first.run.recheck(!settled)
  }
  if (verdict === 'agrees') return
  const message = `program '${first.program.name}': its first step was not checked, because ${verdict.untold}`
  if (mode === true) {
    throw new Error(`${message}; verifyFirstStep: true asks for a check, 'small' goes on without`)
  }
  first.onWarning(message)
}

const whole = ({ program, of, params, batch, result, step, resultOf }: FirstRun): Promise<Verdict> =>
  verifyStep({
    program,
    of,
    params,
    batch,
    traced: result,
    again: async (moved) => resultOf(await step.run(program.shapes, moved, batch), moved, batch),
  })

async function affordable(first: FirstRun): Promise<Verdict> {
  const { program, params, batch, run } = first
  if (run.seconds <= CHECK_SECONDS) return whole(first)
  const all = rowsOf(batch)
  const rows = Math.floor(((all ?? 0) * CHECK_SECONDS) / run.seconds)
  if (rows < 1) return 'agrees'
  const part = firstRows(batch, rows)
  const step = first.another()
  try {
    const partRun = await step.run(program.shapes, params, part)
    // What does not shrink with the batch may still be too much.
    if (partRun.seconds > 2 * CHECK_SECONDS) return 'agrees'
    return await whole({
      ...first,
      batch: part,
      run: partRun,
      step,
      result: first.resultOf(partRun, params, part),
    })
  } finally {
    await step.close()
  }
}

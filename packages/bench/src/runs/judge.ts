// Which weights of a run are judged, and which are taken at its end. Comes in: a problem in training. Goes
// out: losses of its weights or of their averages; the best so far; whether it is time to stop.
// Source: docs/design/04-bench.md, "Which weights are taken".

import { leafOf, mapTree, type NumberFormat, type Transformation, type Tree } from '@lotion/core'
import {
  averagedWeights,
  chain,
  earlyStopping,
  ema,
  withCallbacks,
  type JsonValue,
  type Method,
  type ResumePoint,
  type StepEvent,
  type Stopped,
} from '@lotion/optim'
import type { OpenWorkload, Problem, Workload } from '../tasks/task.js'
import { castMeter, type CastLosses, type CastMeter } from './cast-losses.js'
import type { BestWeights, RunOptions } from './run-options.js'
import { settledBy } from './settled-by.js'

/** What is judged after a step: weights with the state that belongs to them. */
export type JudgedPoint = Pick<ResumePoint<Float32Array>, 'step' | 'skipped' | 'state'> &
  Partial<Pick<StepEvent<Float32Array>, 'settled'>>

/** What is judged, and how. */
export interface JudgeOptions extends Pick<RunOptions, 'ema' | 'keepBest' | 'patience' | 'minDelta'> {
  /** Of all phases. */
  readonly methods: readonly Method[]
  readonly workload: Pick<Workload, 'quantize' | 'shapes' | 'trained'>
  readonly opened: Pick<OpenWorkload, 'executor' | 'allocate'>
  readonly problem: Pick<Problem, 'params' | 'loss'>
  readonly format: NumberFormat
  readonly seed: number
  /** The best so far and the states of callbacks, of a run that is continued. */
  readonly from?:
    | { readonly best?: BestWeights; readonly from: Pick<ResumePoint<Float32Array>, 'callbacks' | 'stopped'> }
    | undefined
}

/** Judges one run. */
export interface Judge {
  /** The weights that are trained, as the run would end with them at the moment that was seen last. */
  readonly seen: Tree<Float32Array>
  /** See them at a moment; what is judged was seen. */
  see(at?: JudgedPoint): void
  /** Measures what was judged last. */
  readonly meter: CastMeter
  /** The optimizer, with the average of weights where it is judged. */
  optimizer(own: Transformation): Transformation
  /**
   * Make the judged weights those of a moment: averages are taken of the weights in training, and settled
   * then. After `fit` it is too late for that: it leaves weights that are settled.
   */
  look(at?: JudgedPoint): void
  /** Measure the weights after a step; before the first there is no state. */
  losses(at?: JudgedPoint): Promise<Omit<CastLosses, 'randomized'>>
  /** Look whether a step that was judged is the last. */
  after(event: StepEvent<Float32Array>): Promise<'stop' | undefined>
  /** How the run came to end before its length. */
  stopped(): Stopped | undefined
  /** The best weights so far, where they are kept. */
  best(): BestWeights | undefined
  /** For a run that goes on from here: states of callbacks. */
  states(): Readonly<Record<string, JsonValue>>
  /** Make the judged weights those that are taken: the best, or those of the last look. */
  take(): Taken
}

/** The weights of a run that are kept. */
export interface Taken {
  readonly weights: Tree<Float32Array>
  /** Those that were trained, at the last step, where others are taken. */
  readonly last?: Tree<Float32Array>
  /** Losses of the best weights, and their step. */
  readonly best?: Omit<BestWeights, 'weights'>
}

/** Make the judge of a run. @throws RangeError if the workload quantizes no parameter. */
export function judgeOf(options: JudgeOptions): Judge {
  const { methods, workload, opened, problem, format, seed, from } = options
  const { keepBest = false, patience, minDelta = 0 } = options
  const { params } = problem
  const average = options.ema === undefined ? undefined : ema({ decay: options.ema })
  const trainsValues = methods.some(({ trains }) => trains)
  const judged = average || trainsValues ? likeWeights(opened, workload) : params
  const ownSeen = average ? likeWeights : () => judged
  const seen = trainsValues ? ownSeen(opened, workload) : params
  const meter = castMeter({
    workload,
    opened,
    problem: { params: judged, loss: (weights) => problem.loss(weights) },
    format,
    seed,
  })
  let best = from?.best
  let latest = Number.NaN
  const watchOf = (start: Pick<ResumePoint<Float32Array>, 'callbacks' | 'stopped'>) =>
    withCallbacks<Float32Array>(
      patience === undefined ? [] : [earlyStopping({ value: () => latest, every: 1, patience, minDelta })],
      start,
    )
  let watch = watchOf(from?.from ?? {})
  /** Weights as the run would end with them. */
  const settle = (into: Tree<Float32Array>, of: Tree<Float32Array>, at: JudgedPoint | undefined): void => {
    const ending = at ? (at.settled ?? settledBy(options, at.state))(of) : of
    copyInto(into, ending)
    for (const tree of ending === of ? [of] : [of, ending])
      for (const [name, array] of Object.entries(tree))
        if (array !== params[name] && (tree === ending || array !== ending[name]))
          opened.executor.free?.(array)
  }
  const see = (at?: JudgedPoint): void => {
    if (seen !== params) settle(seen, params, at)
  }
  const look = (at: JudgedPoint | undefined): void => {
    if (average && at) {
      const updates = at.step - (at.skipped ?? 0)
      const { executor } = opened
      const averages = averagedWeights({ executor, ema: average, params, state: at.state, updates })
      settle(judged, averages, at)
    } else if (judged !== params) settle(judged, params, at)
    if (seen !== judged) see(at)
  }
  return {
    seen,
    see,
    meter,
    look,
    optimizer: (own) => (average ? chain(own, average) : own),
    losses: async (at) => {
      look(at)
      const losses = await meter.losses()
      latest = losses.nearest
      const step = at?.step ?? 0
      // What is not finite is never the best: nothing would be below it.
      if (keepBest && Number.isFinite(latest) && (best === undefined || latest < best.nearest))
        best = { step, ...losses, weights: mapTree(judged, (w) => Float32Array.from(w)) }
      // The start counts: a run that never gets better than it ends too.
      if (step === 0 && patience !== undefined && Number.isFinite(latest))
        watch = watchOf({ callbacks: { 'early stopping': { best: latest, bestStep: 0, waited: 0 } } })
      return losses
    },
    after: async (event) => (await watch.onStep(event)) ?? undefined,
    stopped: () => watch.stopped(),
    best: () => best,
    states: () => watch.states(),
    take: () => {
      if (!best) return { weights: judged, ...(average ? { last: params } : {}) }
      const last = judged !== params ? params : mapTree(params, (w) => Float32Array.from(w))
      const { weights, ...losses } = best
      copyInto(judged, weights)
      return { weights: judged, last, best: losses }
    },
  }
}

/** Arrays of all weights, where the engine reads them. */
function likeWeights(
  { executor, allocate }: JudgeOptions['opened'],
  { shapes }: Pick<Workload, 'shapes'>,
): Tree<Float32Array> {
  return allocate ? allocate(shapes) : mapTree(shapes, (shape) => executor.zeros(shape))
}

function copyInto(into: Tree<Float32Array>, weights: Tree<Float32Array>): void {
  for (const [name, array] of Object.entries(into)) array.set(leafOf(weights, name, 'weights'))
}

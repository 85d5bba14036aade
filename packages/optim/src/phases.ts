// Phases: one method after another in one run. Comes in: methods with the share of the run they begin at.
// Goes out: trained parameters, in place, by one `fit` for each phase.
// Source: docs/design/03-formats-and-methods.md (phases).

import { mapTree, type Executor, type Transformation, type Tree } from '@lotion/core'
import { checkMethod } from './check-plugins.js'
import { checkState } from './check-state.js'
import { transformationOf } from './define-transformation.js'
import { fitPhase, type FitOptions, type ResumePoint, type StepEvent } from './fit.js'
import { lossWatch } from './loss-watch.js'
import { withMethod, type Method } from './method.js'
import type { TrainedValues } from './trained-values.js'
import { chain } from './transformation.js'
import { createUpdater, type OptimizerState, type Updater } from './updater.js'

/** The first method, and those that take over, each from a share of the run, ascending in (0, 1). */
export type Phases = readonly [first: Method, ...later: (readonly [method: Method, from: number])[]]

/** What a run in phases takes: as `fit`, with phases in place of one method. */
export interface FitPhasesOptions<A> extends Omit<FitOptions<A>, 'method'> {
  /** A share is of the updates: its phase begins after round(share · steps) of them. */
  readonly phases: Phases
}

/**
 * Train with one method after another: `[lotion(…), [qat(…), 0.8]]` goes on with straight-through gradients
 * from 80 % of the run. Schedules run over the whole; weights, the optimizer's slots, and slots of the same
 * part in both methods carry over, other slots start fresh and count their updates from there. Up to its end
 * a phase has the same bits whatever follows. Continued (`from`) at any step, the same bits as undisturbed.
 * @param options Those of `fit`, and the phases.
 * @returns the optimizer's state: that of the last phase.
 * @throws as `fit`; TypeError if a phase has no method; RangeError unless shares ascend in (0, 1) and every
 * phase has a step.
 * @example
 * ```ts
 * import { cpuExecutor } from '@lotion/cpu'
 * import { int4 } from '@lotion/formats'
 * import { cosine, everything, fitPhases, lotion, qat, sgd } from '@lotion/optim'
 *
 * const w = Float32Array.of(0.1, -1, 0.5, 0.7)
 * await fitPhases({
 *   params: { w },
 *   shapes: { w: [4] },
 *   gradientStep: {
 *     name: 'distance to 0.3',
 *     run: async (at) => ({ loss: 1, terms: 1, gradients: { w: at['w']!.map((x) => x - 0.3) } }),
 *     close: async () => {},
 *   },
 *   batches: () => ({}),
 *   phases: [lotion({ format: int4 }), [qat({ format: int4 }), 0.8]],
 *   quantize: everything,
 *   optimizer: sgd({ learningRate: cosine(0.1) }),
 *   executor: cpuExecutor({ threads: 1 }),
 *   steps: 100,
 *   seed: 1,
 * })
 * console.log(w)
 * ```
 */
export async function fitPhases<A>({ phases, ...options }: FitPhasesOptions<A>): Promise<OptimizerState<A>> {
  const { params, shapes, executor, steps, optimizer, quantize, before } = options
  const plan = planOf(phases, steps)
  const updaterOf = (phase: Phase): Updater<A> =>
    createUpdater({
      transformation: withMethod(phase.method, optimizer, quantize, before),
      shapes,
      executor,
    })
  let { from } = options
  const done = from ? from.step - (from.skipped ?? 0) : 0
  let at = plan.findLastIndex(({ start }) => start <= done)
  if (at < 0) at = 0
  // Where a phase ends, its state is still its own; weights that it trained values beside are settled, even
  // if the next phase has slots of the same names.
  if (from && at > 0 && done === plan[at]!.start) {
    const [ended, next] = [updaterOf(plan[at - 1]!), plan[at]!]
    const isOwn = !fits(from.state, updaterOf(next)) || (ended.settled && fits(from.state, ended))
    if (isOwn && (from.stopped || from.step === steps)) at--
    else if (isOwn) {
      await checkState(from.state, { updater: ended, shapes, executor, params })
      ended.settled?.(params, from.state, params)
      from = { ...from, state: carried(executor, params, from.state, updaterOf(next), next) }
    }
  }
  const losses = lossWatch(options)
  for (; ; at++) {
    const { method, start } = plan[at]!
    const next = plan[at + 1]
    let last: ResumePoint<A> | undefined
    let isOver = true
    const onStep = async (event: StepEvent<A>): Promise<'stop' | undefined> => {
      last = event
      if ((await options.onStep?.(event)) === 'stop') return 'stop'
      isOver = !next || event.step === steps || event.step - event.skipped < next.start
      return isOver ? undefined : 'stop'
    }
    const span = { start, end: next?.start ?? steps }
    const state = await fitPhase({ ...options, method, from, onStep }, span, losses)
    if (isOver || !next || !last) {
      losses.end()
      return state
    }
    const { step, skipped = 0 }: ResumePoint<A> = last
    from = { step, skipped, state: carried(executor, params, state, updaterOf(next), next) }
  }
}

/** A method and where it begins. */
interface Phase {
  readonly method: Method
  /** Updates before it. */
  readonly start: number
  /** Parts of the method whose slots are not those of the phase before. */
  readonly fresh: readonly string[]
}

function planOf(phases: Phases, steps: number): readonly Phase[] {
  if (!Array.isArray(phases) || phases.length === 0)
    throw new TypeError('phases: expected a method, and pairs of a method and a share, found none')
  const [first, ...later] = phases
  const given: readonly (readonly [Method, number])[] = [[first, 0], ...later]
  let known = new Map<string, number>()
  let previous = -1
  return given.map(([method, share], phase): Phase => {
    checkMethod(`phases: phase ${phase + 1}`, method)
    const start = Math.round(share * steps)
    if (phase > 0 && !(share > 0 && share < 1 && start > previous && start < steps))
      throw new RangeError(
        `phases: '${method.name}': expected a share of the run in (0, 1), with a step at least for the phase before and for itself, ` +
          `found ${share} of ${steps} steps (step ${start}, after ${previous})`,
      )
    previous = start
    // A part that the phase before had too goes on with its slots, and so with its count.
    const parts = slottedParts(method).map((part) => ({ name: part.name, key: keyOf(part) }))
    const since = new Map(parts.map(({ key }) => [key, known.get(key) ?? start]))
    const fresh = parts.flatMap(({ name, key }) => (known.has(key) ? [] : [name]))
    known = since
    return { method: counted(method, since), start, fresh }
  })
}

type Slotted = Pick<Transformation, 'name' | 'slots'>

/** What a method adds that has slots. */
function slottedParts({ name, trains, penalty, correction }: Method): readonly Slotted[] {
  const added = [penalty, correction?.({ stepSize: '.' })].flatMap((part) => part?.parts ?? part ?? [])
  return [...(trains ? [valuesOf(name, trains)] : []), ...added.filter(({ slots }) => slots.length > 0)]
}

const valuesOf = (name: string, { values }: TrainedValues): Slotted => ({ name, slots: Object.keys(values) })

const keyOf = ({ name, slots }: Slotted): string => `${name}: ${slots.join()}`

/** The method with parts whose bias corrections count from where their slots began. */
function counted(method: Method, since: ReadonlyMap<string, number>): Method {
  const { name, trains, penalty, correction, for: other } = method
  const count = (part: Transformation): Transformation => countedFrom(part, since)
  return Object.freeze({
    ...method,
    ...(trains ? { trains: { ...trains, since: since.get(keyOf(valuesOf(name, trains))) ?? 0 } } : {}),
    ...(penalty ? { penalty: count(penalty) } : {}),
    ...(correction ? { correction: (optimizer) => count(correction(optimizer)) } : {}),
    ...(other ? { for: (format) => counted(other(format), since) } : {}),
  } satisfies Method)
}

function countedFrom(part: Transformation, since: ReadonlyMap<string, number>): Transformation {
  if (part.parts) return chain(...part.parts.map((one) => countedFrom(one, since)))
  const start = since.get(keyOf(part)) ?? 0
  if (start === 0) return part
  return transformationOf({
    ...part,
    scalars: (at) => part.scalars({ ...at, updates: Math.max(0, (at.updates ?? at.step) - start) }),
    ...(part.resolve
      ? {
          resolve: (parameter) => {
            const left = part.resolve!(parameter)
            return left && countedFrom(left, since)
          },
        }
      : {}),
  })
}

/** Whether a state has the slots of an updater, whatever they hold. */
function fits<A>(state: OptimizerState<A>, { slots }: Updater<A>): boolean {
  return Object.entries(slots).every(([name, own]) => {
    const found = Object.keys(Object(state[name]))
    return found.length === own.length && own.every((slot) => found.includes(slot))
  })
}

/** The state of the next phase: slots that both have, and new ones. */
function carried<A>(
  executor: Executor<A>,
  params: Tree<A>,
  state: OptimizerState<A>,
  next: Updater<A>,
  { fresh }: Phase,
): OptimizerState<A> {
  const kept = new Set<A>()
  const carry = mapTree(next.init(params), (slots, name) =>
    mapTree(slots, (made, slot) => {
      const old = fresh.some((part) => slot.startsWith(`${part}.`)) ? undefined : state[name]?.[slot]
      if (old === undefined) return made
      kept.add(old)
      executor.free?.(made)
      return old
    }),
  )
  for (const slots of Object.values(state))
    for (const slot of Object.values(slots)) if (!kept.has(slot)) executor.free?.(slot)
  return carry
}

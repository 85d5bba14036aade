// A state that is continued is checked like weights: another run's, one that came through JSON, or one that
// an overflow reached would end in wrong weights some steps later. Comes in: a state and what its updater
// holds. Goes out: nothing, or an error by name.

import { defineLanes, sizeOf, type Executor, type Shape, type Tree } from '@lotion/core'
import { plainKind } from './check-arrays.js'
import type { OptimizerState, Updater } from './updater.js'

/** What a state is held to. */
export interface StateExpectation<A> {
  readonly updater: Pick<Updater<A>, 'slots' | 'nonNegative'>
  readonly shapes: Tree<Shape>
  readonly executor: Executor<A>
  /** Weights of the same parameters: slots are arrays of the same kind. */
  readonly params: Tree<A>
}

/**
 * Refuse a state that does not fit: other parameters, slots of another method or optimizer, slots that are no
 * arrays of the parameter's size, values that are not finite, or below 0 where there are none.
 * @throws naming the parameter and slot; nothing is written.
 */
export async function checkState<A>(
  state: OptimizerState<A>,
  { updater, shapes, executor, params }: StateExpectation<A>,
): Promise<void> {
  checkNames(state, updater.slots)
  const slots = Object.entries(updater.slots).flatMap(([name, own]) =>
    own.map((slot) => ({ name, slot, array: state[name]![slot]!, size: sizeOf(shapes[name] ?? []) })),
  )
  for (const { name, slot, array, size } of slots)
    checkKind(`'${name}': '${slot}'`, array, size, params[name])
  for (const { name, slot, array } of slots) {
    const { broken, below } = await faultsOf(executor, array)
    const where = `state: '${name}': '${slot}'`
    if (broken) throw new RangeError(`${where}: expected finite values, found others; ${ADVICE}`)
    if (below > 0 && updater.nonNegative[name]?.includes(slot))
      throw new RangeError(`${where}: expected values of at least 0, found ${below} below; ${ADVICE}`)
  }
}

const ADVICE = 'continue from a state as the run stored it'

function checkNames<A>(state: unknown, slots: Tree<readonly string[]>): asserts state is OptimizerState<A> {
  if (typeof state !== 'object' || state === null)
    throw new TypeError(`state: expected slots by parameter, found ${String(state)}; ${ADVICE}`)
  const list = (names: readonly string[]): string => [...names].sort().join(', ') || 'none'
  const refuse = (what: string, expected: readonly string[], found: readonly string[]): void => {
    if (list(expected) === list(found)) return
    throw new TypeError(
      `state: expected ${what} ${list(expected)}, found ${list(found)}; continue with the method and optimizer it was made by`,
    )
  }
  refuse('parameters', Object.keys(slots), Object.keys(state))
  for (const [name, expected] of Object.entries(slots))
    refuse(`for '${name}' the slots`, expected, Object.keys(Object(state[name as keyof typeof state])))
}

/** Host arrays are checked here; of an executor's own kinds it is known only that they are no plain data. */
function checkKind(where: string, found: unknown, size: number, like: unknown): void {
  if (found instanceof Float32Array) {
    if (found.length === size) return
    throw new RangeError(`state: ${where}: expected ${size} values, found ${found.length}; ${ADVICE}`)
  }
  const kind = plainKind(found) ?? (like instanceof Float32Array ? 'an array of another executor' : undefined)
  if (kind === undefined) return
  throw new TypeError(
    `state: ${where}: expected a Float32Array of ${size} values, found ${kind}; what came through JSON is no typed array: ` +
      'store it as bytes, or make it by Float32Array.from',
  )
}

const faults = defineLanes({
  name: 'faults of a state',
  inputs: ['x'],
  outputs: ['broken', 'below'],
  // x − x is 0 for every finite number, and no number for the others: squares of what is stored may well
  // overflow.
  body: ({ x }) => ({ broken: x.sub(x).total('broken'), below: x.less(0, 1, 0).total('below') }),
})

async function faultsOf<A>(
  executor: Executor<A>,
  array: A,
): Promise<{ readonly broken: boolean; readonly below: number }> {
  const [found] = executor.lanes([{ fn: faults, inputs: { x: array } }])
  const [broken, below] = [found!.broken!, found!.below!]
  try {
    return { broken: (await executor.read(broken))[0] !== 0, below: (await executor.read(below))[0]! }
  } finally {
    executor.free?.(broken)
    executor.free?.(below)
  }
}

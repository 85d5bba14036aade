// Parts of a step, typed where they are written and checked where they are traced: a formula reads the names
// that its part declares and returns all of its slots. Comes in: names of signals, slots, borrowed values and
// scalars. Goes out: types of definitions, and lanes that refuse every other name.
// Source: docs/design/03-formats-and-methods.md.

import { checkRecord, type MemberTypes } from '../checks/check-record.js'
import { shownValue } from '../checks/shown-value.js'
import type { Signal, Tree } from '../contracts.js'
import type { Lane } from '../lanes/lane.js'
import type { FisherEstimator, StepInfo, StepLanes, Transformation, UpdateLanes } from '../plugins.js'
import { signalOf } from './signal.js'

type Named<K extends string> = Readonly<Record<K, Lane>>

type NameOf<N> = N extends { readonly name: infer K extends string } ? K : N extends string ? N : never

/** Refuses names that the compiler does not know: with them a formula could read any name. */
type Told<N> =
  string extends NameOf<N>
    ? 'expected a literal name: write it in place, or keep it in a variable `as const satisfies Signal`'
    : N

/** Signals that are not there at every step. */
type Sparse<N> = N extends { readonly name: infer K extends string; readonly every: number } ? K : never

/**
 * The lanes that a formula reads: the weight, its signals (`undefined` between the steps at which they are
 * due), slots, borrowed values and scalars.
 */
export type PartLanes<N, S extends string, B extends string, C extends string> = Named<'w'> &
  Named<NoInfer<Exclude<NameOf<N>, Sparse<N>> | S | B | C>> & {
    readonly [K in NoInfer<Sparse<N>>]?: Lane
  }

/**
 * New values of the slots: all of them, but that those that start from given values may stay as they are.
 * `R` are the names that a formula returns: no others than these, and `Z`.
 */
export type SlotLanes<S extends string, I extends string, R extends string, Z = never> = Named<
  Exclude<S, I>
> & { readonly [K in S & I]?: Lane } & Named<R> & { readonly [K in Exclude<R, S | Z>]: never }

/**
 * What transformations and Fishers declare; their formulas are typed by it. Write `scalars` before the
 * formulas: the compiler reads names in that order.
 */
export interface PartDefinition<
  N extends string | Signal,
  S extends string,
  B extends string,
  C extends string,
  I extends string,
  Z extends string = never,
> {
  /** Stands in error messages; for a transformation also in names of its slots and scalars. */
  readonly name: string
  /** Signals, by name or whole. */
  readonly needs?: readonly (N & Told<N>)[]
  /** Local names of its arrays, one value a weight; they start from 0 where `initial` gives none. */
  readonly slots?: readonly (S & Told<S>)[]
  /** Local name → slot or scalar of another transformation in the chain, e.g. `adamw.v`. */
  readonly borrows?: Readonly<Record<B, string>>
  /** Slots that start from given values instead of 0. */
  readonly initial?: Readonly<Record<I, Tree<Float32Array>>>
  /** Slots that never hold a number below 0. */
  readonly nonNegative?: readonly NoInfer<S>[]
  /** Compute the scalars of a step on the host: always the same names. @param at Where the run stands. */
  scalars?(at: StepInfo): Readonly<Record<C, number>> & Readonly<Record<NoInfer<Z>, number>>
}

type Part = Pick<
  FisherEstimator,
  'name' | 'needs' | 'slots' | 'borrows' | 'scalars' | 'initial' | 'nonNegative'
>

/** A part as it is declared, whatever its names. */
interface Declared extends Partial<Omit<Part, 'name' | 'needs'>> {
  readonly name: string
  readonly needs?: readonly (string | Signal)[]
}

const partNames = {
  name: 'string',
  needs: 'object or undefined',
  slots: 'object or undefined',
  borrows: 'object or undefined',
  initial: 'object or undefined',
  nonNegative: 'object or undefined',
  scalars: 'function or undefined',
} as const

/**
 * Make the record of a part; what is left out has nothing. `own` types the members that its kind has beside
 * those of every part; `maker` is who makes it. Frozen.
 * @throws if a key is unknown, a member is not of its type, a name stands for two things, or a signal is not
 * what it must be.
 */
export function definePart<D extends Declared>(
  maker: string,
  definition: D,
  own: Omit<MemberTypes<D>, keyof Part>,
): D & Pick<Part, 'needs' | 'slots' | 'borrows' | 'scalars'> {
  checkRecord<Declared>(maker, definition, { ...partNames, ...own })
  const { name, needs = [], slots = [], borrows = {}, scalars = () => ({}), nonNegative = [] } = definition
  for (const [field, names] of Object.entries({ slots, nonNegative, borrows: Object.values(borrows) })) {
    const isNames = Array.isArray(names) && names.every((each) => typeof each === 'string')
    if (!isNames) throw new TypeError(`${name}: ${field}: expected names, found ${shownValue(names)}`)
  }
  if (!Array.isArray(needs))
    throw new TypeError(`${name}: needs: expected a list of signals, found ${shownValue(needs)}`)
  const made = { ...definition, needs: needs.map(signalOf), slots, borrows, scalars }
  checkNames(made)
  return Object.freeze(made)
}

/** Where a run stands when only the names of scalars are asked for. */
const anyStep: StepInfo = Object.freeze({ step: 0, steps: 1000, terms: 1, updates: 0 })

/**
 * List a part's scalars: what a call of `scalars` returns.
 * @param part A transformation or an estimator; its `scalars` is called once.
 * @throws if that is no record of numbers.
 */
export function scalarNames({ name, scalars }: Pick<Part, 'name' | 'scalars'>): readonly string[] {
  const found: unknown = scalars(anyStep)
  if (typeof found === 'object' && found !== null) return Object.keys(found)
  throw new TypeError(`${name}: expected its scalars to return numbers by name, found ${String(found)}`)
}

/**
 * Check that the names that a formula reads are told apart.
 * @throws naming one that stands for two things.
 */
function checkNames(part: Part, scalars: readonly string[] = []): void {
  const taken = new Set(['w', 'update', 'gradient'])
  const signals = part.needs.flatMap(({ name }) => (name === 'gradient' ? [] : [name]))
  for (const name of [...signals, ...part.slots, ...Object.keys(part.borrows), ...scalars]) {
    if (taken.has(name)) {
      throw new TypeError(
        `${part.name}: expected a name of its own for every signal, slot, borrowed value and scalar, found '${name}' twice; rename one`,
      )
    }
    taken.add(name)
  }
  for (const [field, names] of Object.entries({
    initial: Object.keys(part.initial ?? {}),
    nonNegative: part.nonNegative ?? [],
  })) {
    const stray = names.find((name) => !part.slots.includes(name))
    if (stray !== undefined)
      throw new TypeError(
        `${part.name}: ${field}: expected some of its slots, ${list(part.slots, 'of which it has none')}, found '${stray}'`,
      )
  }
}

/**
 * Run a transformation's formula: `update` and all slots come back, nothing else.
 * @throws naming the part and the name, if it reads what it does not declare, or forgets or adds an output.
 */
export function updateLanes(part: Transformation, x: StepLanes): UpdateLanes {
  const { name, stepSize } = part
  const scalars = scalarNames(part)
  if (stepSize !== undefined && !scalars.includes(stepSize))
    throw new TypeError(
      `${name}: expected its stepSize to name one of its scalars, ${list(scalars, 'of which it has none')}, found '${stepSize}'`,
    )
  const made = run(name, part, x, (own) => part.update(own), ['update'])
  if (!made?.update)
    throw new TypeError(
      `${name}: expected its update to return 'update', found ${list(Object.keys(made ?? {}), 'nothing')}`,
    )
  const { update: _update, ...slots } = made
  checkSlots(name, part, slots, 'its update returns', `'update' and its slots`)
  return made
}

/**
 * Run a transformation's penalty, if it has one: that of the mean over cells, or of the weights.
 * @throws naming the part, if it reads what it does not declare, or returns nothing.
 */
export function penaltyLane(
  part: Transformation,
  x: StepLanes,
  of: 'cells' | 'weights' = 'cells',
): Lane | undefined {
  if (!part.penalty) return undefined
  const term: Lane | undefined = part.penalty(readable(part.name, part, x, ['update']), of)
  if (term) return term
  throw new TypeError(`${part.name}: expected its penalty to return a lane, found ${String(term)}`)
}

/**
 * Run what an estimator makes of a step's signals: all of its slots come back, nothing else.
 * @param fisher The estimator.
 * @param x The weight `w`, its signals, slots, borrowed values and scalars by name; no others are shown.
 * @throws naming the estimator and the name, if it reads what it does not declare, or forgets or adds a slot.
 */
export function observedSlots(fisher: FisherEstimator, x: StepLanes): StepLanes {
  const who = `fisher '${fisher.name}'`
  const slots = run(who, fisher, x, (own) => fisher.observe(own))
  checkSlots(who, fisher, slots, 'observe returns', 'its slots')
  return slots
}

/**
 * Run an estimator's diagonal from slots as they are, or its `present`: the diagonal too where it has none.
 * @param fisher The estimator.
 * @param x The weight `w`, its signals, slots, borrowed values and scalars by name; no others are shown.
 * @param of `present` for what this step alone shows.
 * @throws naming the estimator, if it reads what it does not declare, or returns nothing.
 */
export function fisherDiagonal(
  fisher: FisherEstimator,
  x: StepLanes,
  of: 'diagonal' | 'present' = 'diagonal',
): Lane {
  const who = `fisher '${fisher.name}'`
  const formula = fisher[of] ?? fisher.diagonal
  const diagonal: Lane | undefined = run(who, fisher, x, formula)
  if (diagonal) return diagonal
  throw new TypeError(`${who}: expected its ${of} to return a lane, found ${String(diagonal)}`)
}

/**
 * Run a formula on what its part declares.
 * @throws naming a signal that comes now and then, if the formula fails without it.
 */
function run<R>(
  who: string,
  part: Part,
  x: StepLanes,
  formula: (own: StepLanes) => R,
  given?: readonly string[],
): R {
  try {
    return formula(readable(who, part, x, given))
  } catch (error) {
    const absent = part.needs.find(({ name, every = 1 }) => every > 1 && !x[name])
    // An error with a cause says already whose formula it was, of several within each other.
    if (!absent || (error instanceof Error && error.cause !== undefined)) throw error
    const { name, every } = absent
    throw new TypeError(
      `${who}: its formula fails without the signal '${name}', which arrives every ${every} steps and is undefined between them: ` +
        `write what happens then, such as ${name} ? … : …`,
      { cause: error },
    )
  }
}

/** The lanes that a part declares, out of those there are; a read of any other name is an error. */
function readable(who: string, part: Part, x: StepLanes, given: readonly string[] = []): StepLanes {
  const scalars = scalarNames(part)
  checkNames(part, scalars)
  const needs = part.needs.map(({ name }) => name)
  const names = ['w', ...given, ...needs, ...part.slots, ...Object.keys(part.borrows), ...scalars]
  const own: StepLanes = Object.fromEntries(names.flatMap((name) => (x[name] ? [[name, x[name]]] : [])))
  const absent = part.needs.flatMap(({ name, every = 1 }) => (every > 1 ? [name] : []))
  return new Proxy(own, {
    get: (lanes, name) => {
      if (typeof name === 'symbol' || Object.hasOwn(lanes, name)) return Reflect.get(lanes, name)
      if (absent.includes(name)) return undefined
      throw new TypeError(
        `${who}: reads '${name}', has: ${Object.keys(lanes).join(', ')}; correct the name, or declare it by needs, slots, borrows or scalars`,
      )
    },
  })
}

function checkSlots(
  who: string,
  { slots, initial = {} }: Pick<Part, 'slots' | 'initial'>,
  returned: StepLanes,
  verb: string,
  expected: string,
): void {
  const stray = Object.keys(returned).find((name) => !slots.includes(name))
  if (stray !== undefined)
    throw new TypeError(`${who}: ${verb} '${stray}', expected ${expected} (${list(slots, 'none')})`)
  // Neither returned nor started from given values it would stay 0 for ever.
  const forgotten = slots.find((slot) => !returned[slot] && !initial[slot])
  if (forgotten === undefined) return
  throw new TypeError(
    `${who}: expected the new value of its slot '${forgotten}', found ${list(Object.keys(returned), 'nothing')}; ` +
      'return it, or start the slot from given values by `initial`',
  )
}

const list = (names: readonly string[], none: string): string => names.join(', ') || none

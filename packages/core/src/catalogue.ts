// What people choose from by name: plug-ins, and families of them told apart by numbers. Comes in: the
// exports of an index. Goes out: a list. Source: docs/design/01-architecture.md (catalogues).

import { refuseUnknownKeys } from './checks/refuse-unknown-keys.js'

/** One number that tells the members of a family apart. */
export interface FamilyNumber {
  /** Its value where none is given. */
  readonly default: number
  /** Smallest value allowed. */
  readonly min?: number
  /** Largest value allowed. */
  readonly max?: number
  /** The value must be above this. */
  readonly above?: number
  /** The value must be below this. */
  readonly below?: number
  /** What tuning tries. Default: nothing, the number is left as it is. */
  readonly tries?: readonly number[]
}

/**
 * Plug-ins of one kind under one name. `C` is what else the kind is made from, such as the learning rate of
 * an optimizer; a family of noises needs nothing.
 */
export interface Family<P, C = void, N extends string = string> {
  /** What its members are chosen by: `spread` of `spread:0.3`. */
  readonly name: string
  /** One sentence for those who meet the name in a table: what a member does. Default: nothing is told. */
  readonly summary?: string
  /** Why a command cannot choose it, and what can. Default: it can. */
  readonly untyped?: string
  /** In the order in which they may be typed without their names: `dithered:0.3`. */
  readonly numbers: Readonly<Record<N, FamilyNumber>>
  /**
   * Make a member.
   * @param numbers Every number by name, within its bounds.
   * @param context What else the kind is made from; nothing for most.
   * @throws if a number is out of its range.
   */
  make(numbers: Readonly<Record<N, number>>, context: C): P
  /** Members that the checks take besides the default one. Default: none. */
  readonly examples?: readonly Readonly<Partial<Record<N, number>>>[]
}

/**
 * Define a family; the names of its numbers are inferred. Frozen.
 * @param definition Name, maker and, if it has any, numbers with default and bounds, and examples for the
 * checks.
 * @throws TypeError if a key is unknown.
 * @example
 * ```ts
 * import { defineFamily } from '@lotion/core'
 * import { spread } from '@lotion/noise'
 *
 * const wide = defineFamily({
 *   name: 'wide',
 *   numbers: { share: { default: 0.5, above: 0, max: 1 } },
 *   make: ({ share }) => spread(share),
 * })
 * console.log(wide.make({ share: 0.8 }).name)
 * ```
 */
export function defineFamily<P, C = void, const N extends string = never>(
  definition: Omit<Family<P, C, N>, 'numbers'> & { readonly numbers?: Readonly<Record<N, FamilyNumber>> },
): Family<P, C, N> {
  refuseUnknownKeys(definition.name, definition, {
    name: true,
    summary: true,
    untyped: true,
    numbers: true,
    make: true,
    examples: true,
  })
  return Object.freeze({ numbers: Object.freeze({}) as Readonly<Record<N, FamilyNumber>>, ...definition })
}

/** A plug-in by itself as a family without numbers. */
export function familyOfOne<P extends { readonly name: string }, C = void>(plugin: P): Family<P, C> {
  return defineFamily<P, C>({ name: plugin.name, make: () => plugin })
}

/**
 * The numbers of a family's default member, with some of them changed.
 * @param family Its defaults are taken.
 * @param given Those that differ from the default. They are not held to the bounds here.
 */
export function numbersOf<N extends string>(
  { numbers }: Pick<Family<unknown, never, N>, 'numbers'>,
  given?: Readonly<Partial<Record<N, number>>>,
): Readonly<Record<N, number>> {
  const entries = Object.entries<FamilyNumber>(numbers).map(([name, { default: value }]) => [name, value])
  return { ...(Object.fromEntries(entries) as Record<N, number>), ...given }
}

/**
 * Members of a family: the default one, then its examples.
 * @param family Its maker is called once a member.
 * @param context What else the kind is made from, the same for all members.
 */
export function membersOf<P, C>(family: Family<P, C>, context: C): readonly P[] {
  return [undefined, ...(family.examples ?? [])].map((given) =>
    family.make(numbersOf(family, given), context),
  )
}

/**
 * The values of an index that are what is asked for, each once, by name: a new file there is in every list,
 * help text and check at once.
 */
export function catalogueOf<P extends { readonly name: string }>(
  exports: Readonly<Record<string, unknown>>,
  isOne: (value: unknown) => value is P,
): readonly P[] {
  const found = new Set(Object.values(exports).filter(isOne))
  const order = new Intl.Collator('en', { numeric: true })
  return Object.freeze([...found].sort((a, b) => order.compare(a.name, b.name)))
}

/**
 * The families of an index and its plug-ins, each of which is a family of one, by name.
 */
export function familiesOf<P extends { readonly name: string }, C = void>(
  exports: Readonly<Record<string, unknown>>,
  isOne: (value: unknown) => value is P,
): readonly Family<P, C>[] {
  const all = catalogueOf(exports, (value): value is P | Family<P, C> => isFamily(value) || isOne(value))
  return Object.freeze(all.map((one) => (isFamily<P, C>(one) ? one : familyOfOne<P, C>(one))))
}

/** Tell whether a value is a family. */
export function isFamily<P, C>(value: unknown): value is Family<P, C> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'numbers' in value &&
    'make' in value &&
    typeof value.make === 'function'
  )
}

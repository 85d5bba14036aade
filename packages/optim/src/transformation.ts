// Transformations as records, and chains of them. Comes in: slots and formulas. Goes out: a transformation.
// Source: optax's pair of pure functions, with the state named and the formula a lane expression: docs/design/03.

import type { Lane, ParameterInfo, Signal, StepLanes, Transformation } from '@lotion/core'

/** Make a transformation; what is left out has nothing: no signals, slots, borrowed values or scalars. Frozen. */
export function defineTransformation(
  definition: Pick<Transformation, 'name' | 'update'> & Partial<Transformation>,
): Transformation {
  return Object.freeze({ needs: [], slots: [], borrows: {}, scalarNames: [], scalars: () => ({}), ...definition })
}

/** Apply a transformation to some parameters only; the others see nothing of it. */
export function masked(applies: (parameter: ParameterInfo) => boolean, part: Transformation): Transformation {
  return defineTransformation({
    ...part,
    resolve: (parameter) => (applies(parameter) ? resolved(part, parameter) : null),
  })
}

/** What is left of a transformation for one parameter. */
export function resolved(part: Transformation, parameter: ParameterInfo): Transformation | null {
  return part.resolve ? part.resolve(parameter) : part
}

/**
 * Apply transformations in order; the result is a transformation like its parts. Slots and scalars are named
 * `part.slot`; a second part of the same name is called `part#2`. All parts fuse into one pass over the weights.
 * @throws if parts for one parameter need different blocks.
 */
export function chain(...given: readonly Transformation[]): Transformation {
  const named = numbered(given.flatMap((part) => part.parts ?? [part]))
  return chainOf(named)
}

function chainOf(parts: readonly Transformation[]): Transformation {
  const blocks = parts.flatMap((part) => (part.block && !part.resolve ? [part] : []))
  const block = blocks[0]?.block
  const other = blocks.find((part) => JSON.stringify(part.block) !== JSON.stringify(block))
  if (other) {
    throw new TypeError(
      `chain: '${other.name}' needs blocks ${JSON.stringify(other.block)}, '${blocks[0]!.name}' ${JSON.stringify(block)}; ` +
        `one pass has one kind of blocks: give both the same format`,
    )
  }
  return defineTransformation({
    name: parts.map((part) => part.name).join(' · '),
    needs: [...new Set(parts.flatMap((part): readonly Signal[] => part.needs))],
    slots: parts.flatMap((part) => part.slots.map((slot) => `${part.name}.${slot}`)),
    scalarNames: parts.flatMap((part) => part.scalarNames.map((scalar) => `${part.name}.${scalar}`)),
    initial: Object.assign({}, ...parts.map((part) => prefixed(part.name, part.initial ?? {}))) as NonNullable<Transformation['initial']>,
    ...(block ? { block } : {}),
    parts,
    ...(parts.some((part) => part.resolve)
      ? { resolve: (parameter: ParameterInfo) => chainOf(parts.flatMap((part) => resolvedPart(part, parameter))) }
      : {}),
    scalars: (at) => Object.assign({}, ...parts.map((part) => prefixed(part.name, part.scalars(at)))) as Record<string, number>,
    update: (x) => parts.reduce<StepLanes>((known, part) => ({ ...known, ...runPart(part, known) }), x),
  })
}

/** A part's share for one parameter keeps the part's name, so that slots keep theirs. */
function resolvedPart(part: Transformation, parameter: ParameterInfo): readonly Transformation[] {
  const left = resolved(part, parameter)
  return left ? [{ ...withoutResolve(left), name: part.name }] : []
}

function withoutResolve(part: Transformation): Transformation {
  const { resolve: _resolve, ...rest } = part
  return rest
}

/** Run one part on the chain's lanes: local names in, chain names out. */
function runPart(part: Transformation, known: StepLanes): StepLanes {
  const local: Record<string, Lane> = {}
  for (const name of ['w', 'update', ...part.needs]) local[name] = lane(known, name, part)
  for (const name of [...part.slots, ...part.scalarNames]) local[name] = lane(known, `${part.name}.${name}`, part)
  for (const [name, from] of Object.entries(part.borrows)) local[name] = lane(known, from, part)
  const { update, ...slots } = part.update(local)
  if (!update) throw new TypeError(`${part.name}: expected its update to return 'update'`)
  return { update, ...prefixed(part.name, slots) }
}

function lane(known: StepLanes, name: string, part: Transformation): Lane {
  const found = known[name]
  if (found) return found
  throw new TypeError(
    `${part.name}: needs '${name}', which no part of the chain has; present: ${Object.keys(known).join(', ')}`,
  )
}

function prefixed<V>(name: string, record: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [`${name}.${key}`, value]))
}

function numbered(parts: readonly Transformation[]): readonly Transformation[] {
  const seen = new Map<string, number>()
  return parts.map((part) => {
    const count = (seen.get(part.name) ?? 0) + 1
    seen.set(part.name, count)
    return count === 1 ? part : { ...part, name: `${part.name}#${count}` }
  })
}

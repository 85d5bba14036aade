// Chains of transformations, and those for some parameters only. Comes in: transformations. Goes out: one.
// Source: optax's pair of pure functions, with the state named and the formula a lane expression:
// docs/design/03.

import {
  scalarNames,
  type NumberFormat,
  type ParameterInfo,
  type Quantized,
  type StepLanes,
  type Transformation,
  type UpdateLanes,
} from '@lotion/core'
import { axisName, blockName, joinNeeds, penaltyLane, updateLanes } from '@lotion/core/internal'
import { transformationOf } from './define-transformation.js'
import { askRule, type QuantizeRule } from './quantize-rule.js'
import { asksBehind, borrowingLinearStep, borrowingStepSize, LINEAR_STEP_SIZE } from './step-size.js'

/**
 * Apply a transformation to some parameters only; the others see nothing of it. Meant for penalties and
 * corrections: a parameter whose optimizer is masked takes the gradient itself as its update.
 * @param applies Asked by name and shape, once a parameter.
 * @param part For the others it has no slots either.
 * @example
 * ```ts
 * import { empirical } from '@lotion/fisher'
 * import { int4 } from '@lotion/formats'
 * import { randomizedRounding } from '@lotion/noise'
 * import { adamw, chain, masked, smoothing } from '@lotion/optim'
 *
 * const [noise, fisher] = [randomizedRounding, empirical()]
 * const penalty = smoothing({ format: int4, noise, fisher, lambda: 1 })
 * // Matrices are drawn to the grid, biases and norms are not.
 * const isMatrix = masked(({ shape }) => shape.length >= 2, penalty)
 * console.log(chain(isMatrix, adamw({ learningRate: 1e-3 })).slots)
 * ```
 */
export function masked(applies: (parameter: ParameterInfo) => boolean, part: Transformation): Transformation {
  const { quantizes } = part
  const trains = quantizes && {
    quantizes: (parameter: ParameterInfo) => (applies(parameter) ? quantizes(parameter) : null),
  }
  if (part.parts) {
    const inner = chain(...part.parts.map((one) => masked(applies, one)))
    return trains ? transformationOf({ ...inner, ...trains }) : inner
  }
  return transformationOf({
    ...part,
    ...trains,
    resolve: (parameter) => (applies(parameter) ? resolved(part, parameter) : null),
  })
}

/**
 * Apply a transformation to the parameters that a rule quantizes, its blocks along the axis that the rule
 * says: the same that casts run along.
 * @param rule Says which parameters, and the axis of each.
 * @param part A transformation over blocks; a chain is wrapped part by part.
 * @param of The same for a parameter with a format of its own. Default: `part`, whatever the format.
 */
export function quantized(
  rule: QuantizeRule,
  part: Transformation,
  of: (format?: NumberFormat) => Transformation | undefined = () => part,
): Transformation {
  if (part.parts) {
    const inner = chain(
      ...part.parts.map((one, i) => quantized(rule, one, (format) => of(format)?.parts?.[i])),
    )
    return part.quantizes ? transformationOf({ ...inner, quantizes: part.quantizes }) : inner
  }
  return transformationOf({
    ...part,
    resolve: (parameter) => {
      const found = askRule(rule, parameter)
      const own = found && of(found.format)
      const left = own && resolved(own, parameter)
      return left ? { ...left, axis: found.axis } : null
    },
  })
}

/** What is left of a transformation for one parameter; `null` for nothing. */
export function resolved(part: Transformation, parameter: ParameterInfo): Transformation | null {
  return part.resolve ? part.resolve(parameter) : part
}

/**
 * Apply transformations in order; the result is a transformation like its parts. Slots and scalars are named
 * `part.slot`; a second part of the same name is called `part#2`. What a part borrows is the value before the
 * step, wherever the part stands that lends it. All parts fuse into one pass over the weights.
 * @param given From the gradient to the update; chains among them are taken apart.
 * @throws TypeError if parts for one parameter need different blocks, or the same along different axes; on a
 * step, if two methods train one parameter for different formats or at different points.
 * @example
 * ```ts
 * import { adamw, chain, clipByGlobalNorm } from '@lotion/optim'
 *
 * const transformation = chain(clipByGlobalNorm(1), adamw({ learningRate: 1e-3 }))
 * console.log(transformation.slots) // adamw.m, adamw.v
 * ```
 */
export function chain(...given: readonly Transformation[]): Transformation {
  const taken = new Set<string>()
  const made = chainOf(given.flatMap((part) => withFreeNames(part.parts ?? [part], taken)))
  const trains = given.flatMap(({ quantizes }) => quantizes ?? [])
  if (trains.length === 0) return made
  return transformationOf({
    ...made,
    quantizes: (parameter) =>
      oneMethod(
        parameter.name,
        trains.flatMap((quantizes) => quantizes(parameter) ?? []),
      ),
  })
}

/**
 * Methods for different parameters stand side by side; one parameter is trained for one format, its gradient
 * taken at one point.
 */
function oneMethod(name: string, [first, ...others]: readonly Quantized[]): Quantized | null {
  const other = others.find(({ format, point }) => format !== first!.format || point !== first!.point)
  if (other) {
    throw new TypeError(
      `chain: '${name}' is trained by '${first!.method}' for ${first!.format.name} and by '${other.method}' for ` +
        `${other.format.name}; one parameter has one method: mask one of them`,
    )
  }
  return first ?? null
}

function chainOf(parts: readonly Transformation[]): Transformation {
  const { block, axis } = commonBlocks(parts)
  return transformationOf({
    name: parts.map((part) => part.name).join(' · '),
    needs: joinNeeds(parts),
    slots: parts.flatMap((part) => part.slots.map((slot) => `${part.name}.${slot}`)),
    initial: joined(parts.map((part) => prefixed(part.name, part.initial ?? {}))),
    nonNegative: parts.flatMap((part) => (part.nonNegative ?? []).map((slot) => `${part.name}.${slot}`)),
    ...(block ? { block } : {}),
    ...(axis === undefined ? {} : { axis }),
    parts,
    ...(parts.some((part) => part.resolve || asksBehind(part))
      ? { resolve: (parameter: ParameterInfo) => resolvedChain(parts, parameter) }
      : {}),
    scalars: (at) => joined(parts.map((part) => prefixed(part.name, part.scalars(at)))),
    update: (x) =>
      parts.reduce<UpdateLanes>(
        (made, part) => {
          const { update, ...slots } = updateLanes(part, localLanes(part, { ...x, update: made.update }))
          return { ...made, ...prefixed(part.name, slots), update }
        },
        { update: x.update },
      ),
    ...penaltyOf(parts),
  })
}

/** The blocks of the parts that apply everywhere; a masked part is asked for its blocks where it applies. */
function commonBlocks(parts: readonly Transformation[]): Pick<Transformation, 'block' | 'axis'> {
  const blocked = parts.filter((part) => part.block && !part.resolve)
  agree(blocked, ({ block }) => `over ${blockName(block!)}`, 'format')
  // A part without blocks of its own has nothing that runs along an axis.
  const told = blocked.filter((part) => part.axis !== undefined)
  agree(told, ({ axis }) => `along ${axisName(axis!)}`, 'rule')
  return {
    ...(blocked[0] ? { block: blocked[0].block! } : {}),
    ...(told[0] ? { axis: told[0].axis! } : {}),
  }
}

/** @throws TypeError unless the blocks of all parts run in one way. */
function agree(
  [first, ...others]: readonly Transformation[],
  way: (part: Transformation) => string,
  by: string,
): void {
  const other = others.find((part) => way(part) !== way(first!))
  if (!other) return
  throw new TypeError(
    `chain: the blocks of '${first!.name}' run ${way(first!)}, those of '${other.name}' ${way(other)}; ` +
      `one pass has one kind of blocks: give both the same ${by}`,
  )
}

function resolvedChain(parts: readonly Transformation[], parameter: ParameterInfo): Transformation | null {
  // A part keeps its name in the chain, so that its slots keep theirs.
  const left = parts.flatMap((part) => {
    const remaining = resolved(part, parameter)
    return remaining ? [{ ...withoutResolve(remaining), name: part.name }] : []
  })
  const told = left.map((part, i) =>
    borrowingLinearStep(borrowingStepSize(part, left.slice(0, i), parameter), left.slice(i + 1)),
  )
  return told.length > 0 ? chainOf(told) : null
}

function withoutResolve(part: Transformation): Transformation {
  const { resolve: _resolve, ...rest } = part
  return rest
}

/** What the parts add to the loss together, if any does. */
function penaltyOf(parts: readonly Transformation[]): Pick<Transformation, 'penalty'> {
  const adding = parts.filter((part) => part.penalty)
  if (adding.length === 0) return {}
  return {
    penalty: (x, of) =>
      adding.map((part) => penaltyLane(part, localLanes(part, x), of)!).reduce((sum, term) => sum.add(term)),
  }
}

/** What a part finds under its local names before the step; a signal not due at this step is missing. */
function localLanes(part: Transformation, known: StepLanes): StepLanes {
  const signals = part.needs.flatMap(({ name, every = 1 }) => (every > 1 && !known[name] ? [] : [name]))
  const own = [...part.slots, ...scalarNames(part)].map((name) => [name, `${part.name}.${name}`] as const)
  const shared = ['w', 'update', ...signals].map((name) => [name, name] as const)
  return Object.fromEntries(
    [...shared, ...own, ...Object.entries(part.borrows)].flatMap(([name, from]) => {
      const found = known[from]
      if (found) return [[name, found]]
      if (from === LINEAR_STEP_SIZE) return []
      throw new TypeError(
        `${part.name}: needs '${from}', which no part of the chain has; present: ${Object.keys(known).join(', ')}`,
      )
    }),
  )
}

function prefixed<V>(name: string, record: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [`${name}.${key}`, value]))
}

function joined<V>(records: readonly Readonly<Record<string, V>>[]): Record<string, V> {
  return Object.fromEntries(records.flatMap((record) => Object.entries(record)))
}

/** Give each part a name not taken yet. What parts of a chain borrow follows the lender's new name. */
function withFreeNames(parts: readonly Transformation[], taken: Set<string>): readonly Transformation[] {
  const names = new Map<string, string>()
  for (const { name } of parts) {
    let free = name
    for (let n = 2; taken.has(free); n++) free = `${name.replace(/#\d+$/, '')}#${n}`
    taken.add(free)
    names.set(name, free)
  }
  return parts.map((part) => renamed(part, names))
}

function renamed(part: Transformation, names: ReadonlyMap<string, string>): Transformation {
  const source = (from: string): string => {
    const dot = from.lastIndexOf('.')
    return `${names.get(from.slice(0, dot)) ?? from.slice(0, dot)}${from.slice(dot)}`
  }
  const rename = (one: Transformation): Transformation => ({
    ...one,
    name: names.get(part.name) ?? part.name,
    borrows: Object.fromEntries(Object.entries(one.borrows).map(([local, from]) => [local, source(from)])),
  })
  if (!part.resolve) return rename(part)
  return {
    ...rename(part),
    resolve: (parameter) => {
      const left = resolved(part, parameter)
      return left && rename(left)
    },
  }
}

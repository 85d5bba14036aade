// The slots of a run's start. Comes in: what is left of a chain for a parameter, and its weights. Goes out:
// arrays: zeros, given values, or what the weights make.
// Source: docs/design/03-formats-and-methods.md.

import {
  leafOf,
  sizeOf,
  type BlockLayout,
  type Executor,
  type ParameterInfo,
  type Transformation,
  type Tree,
} from '@lotion/core'

/** What slots are made for. */
export interface SlotStart<A> {
  readonly executor: Executor<A>
  readonly part: Transformation
  readonly parameter: ParameterInfo
  readonly layout: BlockLayout
  /** The weights. */
  readonly near: A | undefined
}

/** Make every slot of one parameter. @throws TypeError if slots begin from weights and none are given. */
export function firstSlots<A>(start: SlotStart<A>): Tree<A> {
  const { executor, part, parameter, layout, near } = start
  const made = (part.parts ?? []).flatMap(({ name, begin: fn }) => {
    if (!fn) return []
    if (near === undefined)
      throw new TypeError(
        `init: '${parameter.name}': expected its weights, from which ${fn.outputs.join(', ')} begin; give updater.init(params)`,
      )
    const [out] = executor.lanes([{ fn, inputs: { w: near }, layout }])
    return Object.entries(out!).map(([slot, array]) => [`${name}.${slot}`, array] as const)
  })
  const begun: Tree<A> = Object.fromEntries(made)
  return Object.fromEntries(part.slots.map((slot) => [slot, begun[slot] ?? initialSlot(start, slot)]))
}

function initialSlot<A>({ executor, part, parameter, near }: SlotStart<A>, slot: string): A {
  const { name, shape } = parameter
  const given = part.initial?.[slot]
  if (!given) return executor.zeros(shape, near)
  const values = leafOf(given, name, slot)
  if (values.length !== sizeOf(shape)) {
    throw new RangeError(`${slot}: '${name}': expected ${sizeOf(shape)} values, found ${values.length}`)
  }
  return executor.upload(values, shape, near)
}

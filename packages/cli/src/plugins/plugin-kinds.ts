// Which kind of plugin a value is. Comes in: any value. Goes out: the plugins that can be held to laws, told
// by the members that the contracts ask for. Source: the contracts of @lotion/core and @lotion/optim.

import type { Plugins } from '@lotion/conformance'
import { membersOf, type Family } from '@lotion/core'
import { hasMembers, isFamily, isFisher, isFormat, isNoise, isTransformation } from '@lotion/core/internal'
import { int4 } from '@lotion/formats'
import type { MethodContext, OptimizerContext } from '@lotion/optim'
import { isMethod } from '@lotion/optim/internal'

type LawfulKind = 'noise' | 'format' | 'fisher' | 'transformation' | 'method' | 'executor'

/** A plugin with its kind. */
export type Plugin = {
  readonly [K in LawfulKind]: { readonly kind: K; readonly value: Plugins[K] }
}[LawfulKind]

/** What members of a family are made from, where their kind needs something. */
const context: MethodContext & OptimizerContext = { format: int4, learningRate: 0.1 }

/** List the plugins that a value is: one, a family's members, a method and its parts; else none. */
export function pluginsOf(value: unknown): readonly Plugin[] {
  if (isNoise(value)) return [{ kind: 'noise', value }]
  if (isFormat(value)) return [{ kind: 'format', value }]
  if (isFisher(value)) return [{ kind: 'fisher', value }]
  if (isTransformation(value)) return [{ kind: 'transformation', value }]
  if (isExecutor(value)) return [{ kind: 'executor', value }]
  if (isMethod(value)) {
    const parts = [value.penalty, value.correction?.({ stepSize: 'sgd.rate' })]
    return [
      { kind: 'method', value },
      ...parts.flatMap((part) => (part ? [{ kind: 'transformation' as const, value: part }] : [])),
    ]
  }
  return isFamily<unknown, typeof context>(value) ? membersOf(value, context).flatMap(pluginsOf) : []
}

/** List the plugins that a family makes of numbers. */
export function madeWith<N extends string>(
  family: Family<unknown, never, N>,
  numbers: Readonly<Record<N, number>>,
): readonly Plugin[] {
  return pluginsOf(family.make(numbers, context as never))
}

function isExecutor(value: unknown): value is Plugins['executor'] {
  const methods = { lanes: 'function', uniforms: 'function', zeros: 'function' } as const
  return hasMembers(value, { arithmetic: 'string', ...methods, upload: 'function', read: 'function' })
}

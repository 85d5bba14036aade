// Which kind of plugin a value is. Comes in: any value. Goes out: a kind, told by the members that the contracts ask for.
// Source: the contracts Noise, NumberFormat, FisherEstimator and Transformation of @lotion/core.

import type { Plugins } from '@lotion/conformance'
import { isFisher, isFormat, isNoise, isTransformation } from '@lotion/core'

/** A plugin with its kind. */
export type Plugin = {
  readonly [K in 'noise' | 'format' | 'fisher' | 'transformation']: {
    readonly kind: K
    readonly value: Plugins[K]
  }
}[keyof Pick<Plugins, 'noise' | 'format' | 'fisher' | 'transformation'>]

/** Tell what kind of plugin a value is; nothing if it is none. */
export function pluginOf(value: unknown): Plugin | undefined {
  if (isNoise(value)) return { kind: 'noise', value }
  if (isFormat(value)) return { kind: 'format', value }
  if (isFisher(value)) return { kind: 'fisher', value }
  if (isTransformation(value)) return { kind: 'transformation', value }
  return undefined
}

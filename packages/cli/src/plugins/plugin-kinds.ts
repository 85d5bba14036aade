// Which kind of plugin a value is. Comes in: any value. Goes out: a kind, told by the members that the contracts ask for.
// Source: the contracts Noise, NumberFormat, FisherEstimator and Transformation of @lotion/core.

import type { Plugins } from '@lotion/conformance'

/** A plugin with its kind. */
export type Plugin = {
  readonly [K in 'noise' | 'format' | 'fisher' | 'transformation']: {
    readonly kind: K
    readonly value: Plugins[K]
  }
}[keyof Pick<Plugins, 'noise' | 'format' | 'fisher' | 'transformation'>]

type Member = 'function' | 'string' | 'number' | 'object'

/** Tell what kind of plugin a value is; nothing if it is none. */
export function pluginOf(value: unknown): Plugin | undefined {
  if (isNoise(value)) return { kind: 'noise', value }
  if (isFormat(value)) return { kind: 'format', value }
  if (isFisher(value)) return { kind: 'fisher', value }
  if (isTransformation(value)) return { kind: 'transformation', value }
  return undefined
}

function isNoise(value: unknown): value is Plugins['noise'] {
  return has(value, { name: 'string', claims: 'object', variance: 'function', sample: 'function' })
}

function isFormat(value: unknown): value is Plugins['format'] {
  return (
    has(value, { name: 'string', bits: 'number', block: 'object', scale: 'object', grid: 'object' }) &&
    has(value['grid'], { points: 'object', around: 'function' }) &&
    has(value['scale'], { name: 'string', claims: 'object', scaled: 'function' })
  )
}

function isFisher(value: unknown): value is Plugins['fisher'] {
  return has(value, { ...step, observe: 'function', diagonal: 'function' })
}

function isTransformation(value: unknown): value is Plugins['transformation'] {
  return has(value, { ...step, update: 'function' })
}

const step = {
  name: 'string',
  needs: 'object',
  slots: 'object',
  borrows: 'object',
  scalarNames: 'object',
  scalars: 'function',
} as const

function has(
  value: unknown,
  members: Readonly<Record<string, Member>>,
): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const found = new Map<string, unknown>(Object.keys(members).map((key) => [key, Reflect.get(value, key)]))
  return Object.entries(members).every(
    ([key, type]) => typeof found.get(key) === type && found.get(key) !== null,
  )
}

// Which kind of plug-in a value is. Comes in: any value. Goes out: whether it has the members that the
// contract of a kind asks for.
// Source: the contracts in plugins.ts.

import type { FisherEstimator, Noise, NumberFormat, Transformation } from '../plugins.js'

/** What `typeof` says of a member. */
export type Member = 'function' | 'string' | 'number' | 'object'

/** Members that tell a transformation and a Fisher estimator from other records; both have them. */
const step = { name: 'string', needs: 'object', slots: 'object', scalars: 'function' } as const

/** Tell whether a value is a number format. */
export function isFormat(value: unknown): value is NumberFormat {
  return (
    hasMembers(value, { name: 'string', bits: 'number', block: 'object', scale: 'object', grid: 'object' }) &&
    hasMembers(value['grid'], { points: 'object', around: 'function' }) &&
    hasMembers(value['scale'], { name: 'string', claims: 'object', scaled: 'function' })
  )
}

/** Tell whether a value is a noise. */
export function isNoise(value: unknown): value is Noise {
  return hasMembers(value, { name: 'string', claims: 'object', variance: 'function', sample: 'function' })
}

/** Tell whether a value is a Fisher estimator. */
export function isFisher(value: unknown): value is FisherEstimator {
  return hasMembers(value, { ...step, observe: 'function', diagonal: 'function' })
}

/** Tell whether a value is a transformation. */
export function isTransformation(value: unknown): value is Transformation {
  return hasMembers(value, { ...step, update: 'function' })
}

/** Tell whether a value is an object with members of these types, none of them `null`. */
export function hasMembers(
  value: unknown,
  members: Readonly<Record<string, Member>>,
): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(members).every(([key, type]) => {
    const found: unknown = Reflect.get(value, key)
    return typeof found === type && found !== null
  })
}

// Noises and Fishers as they arrive from code without types. Comes in: what was given as one. Goes out:
// nothing, or an error that says what to write.

import { hasMembers, isFisher, isNoise, isTransformation, shownValue } from '@lotion/core/internal'
import type { Method } from './method.js'

/**
 * Check that something is a noise, or one whose width a schedule sets.
 * @throws TypeError naming `what` and what was found.
 */
export function checkNoise(what: string, noise: unknown): void {
  if (isNoise(noise) || hasMembers(noise, { law: 'function', width: 'function' })) return
  refuse(what, 'a noise', noise, 'import one from @lotion/noise, such as randomizedRounding')
}

/** Check that something is a curvature estimator. @throws TypeError naming `what` and what was found. */
export function checkFisher(what: string, fisher: unknown): void {
  if (isFisher(fisher)) return
  refuse(what, 'a Fisher estimator', fisher, 'make one by @lotion/fisher, such as empirical()')
}

/** Check that something is a method. @throws TypeError naming `what` and what was found. */
export function checkMethod(what: string, method: unknown): void {
  if (isMethod(method)) return
  refuse(what, 'a method', method, 'make one, such as lotion({ format: int4 })')
}

/** Tell whether a value is a method. */
export function isMethod(value: unknown): value is Method {
  return hasMembers(value, { name: 'string', format: 'object', settings: 'object' })
}

/** Check that something is a transformation. @throws TypeError naming `what` and what was found. */
export function checkTransformation(what: string, part: unknown): void {
  if (isTransformation(part)) return
  refuse(what, 'a transformation', part, 'make one, such as adamw({ learningRate: 0.01 })')
}

function refuse(what: string, expected: string, found: unknown, advice: string): never {
  const said =
    typeof found === 'function'
      ? `${shownValue(found)}${found.name === '' ? '' : ` (${found.name})`}, perhaps not called`
      : typeof found === 'object' && found !== null
        ? 'an object that is none'
        : shownValue(found)
  throw new TypeError(`${what}: expected ${expected}, found ${said}; ${advice}`)
}

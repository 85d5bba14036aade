// Noises and Fishers as they arrive from code without types. Comes in: what was given as one. Goes out:
// nothing, or an error that says what to write.

import { shownValue } from '@lotion/core'
import type { Method } from './method.js'

/**
 * Check that something is a noise, or one whose width a schedule sets.
 * @throws TypeError naming `what` and what was found.
 */
export function checkNoise(what: string, noise: unknown): void {
  if (hasMethods(noise, ['variance', 'sample']) || hasMethods(noise, ['law', 'width'])) return
  refuse(what, 'a noise', noise, 'import one from @lotion/noise, such as randomizedRounding')
}

/** Check that something is a curvature estimator. @throws TypeError naming `what` and what was found. */
export function checkFisher(what: string, fisher: unknown): void {
  if (hasMethods(fisher, ['observe', 'diagonal', 'scalars'])) return
  refuse(what, 'a Fisher estimator', fisher, 'make one by @lotion/fisher, such as empirical()')
}

/** Check that something is a method. @throws TypeError naming `what` and what was found. */
export function checkMethod(what: string, method: unknown): void {
  if (isMethod(method)) return
  refuse(what, 'a method', method, 'make one, such as lotion({ format: int4 })')
}

/** Tell whether a value is a method. */
export function isMethod(value: unknown): value is Method {
  const { name, format, settings } = Object(value) as Readonly<Record<string, unknown>>
  return (
    typeof value === 'object' &&
    [format, settings].every((of) => typeof of === 'object') &&
    typeof name === 'string'
  )
}

/** Check that something is a transformation. @throws TypeError naming `what` and what was found. */
export function checkTransformation(what: string, part: unknown): void {
  if (hasMethods(part, ['update', 'scalars'])) return
  refuse(what, 'a transformation', part, 'make one, such as adamw({ learningRate: 0.01 })')
}

const hasMethods = (of: unknown, names: readonly string[]): boolean =>
  typeof of === 'object' && of !== null && names.every((name) => typeof Object(of)[name] === 'function')

function refuse(what: string, expected: string, found: unknown, advice: string): never {
  const said =
    typeof found === 'function'
      ? `${shownValue(found)}${found.name === '' ? '' : ` (${found.name})`}, perhaps not called`
      : typeof found === 'object' && found !== null
        ? 'an object that is none'
        : shownValue(found)
  throw new TypeError(`${what}: expected ${expected}, found ${said}; ${advice}`)
}

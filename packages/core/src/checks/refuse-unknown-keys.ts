// A misspelt option must not be silence. Comes in: an options object and the names that are known.
// Goes out: nothing, or an error that names the stray key and the nearest known one.

import { nearestName } from './nearest-name.js'
import { shownValue } from './shown-value.js'

/**
 * Refuse keys that an options object cannot have. `known` lists every key of the type, so the compiler keeps
 * it complete. Keys whose value is `undefined` count as well: a misspelt one may come from a missing field.
 * @throws TypeError naming what is configured, the stray key, the nearest known key and all of them; or what
 * was found instead of an object.
 */
export function refuseUnknownKeys<T extends object>(
  what: string,
  options: T,
  known: Readonly<Record<keyof Required<T>, unknown>>,
): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${what}: expected an object, found ${shownValue(options)}`)
  const names = Object.keys(known)
  const stray = Object.keys(options).find((key) => !Object.hasOwn(known, key))
  if (stray === undefined) return
  const nearest = nearestName(stray, names)
  throw new TypeError(
    `${what}: unknown option '${stray}'${nearest === undefined ? '' : `, did you mean '${nearest}'?`}; ` +
      `options: ${names.join(', ')}`,
  )
}

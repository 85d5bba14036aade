// Metadata of an architecture, of which nothing may be passed over. Comes in: a file's metadata, the
// architecture's name. Goes out: values by the rest of their keys; what nobody asked for is refused.

import { shownName } from '../../shown.js'
import { ggufValue, type GgufKinds } from '../gguf-metadata.js'
import type { GgufValue } from '../gguf-values.js'

/** Values below `llama.` and the like. */
export interface ConfigKeys {
  has(key: string): boolean
  /** A value as a kind. @throws RangeError as `ggufValue`. */
  read<K extends keyof GgufKinds>(key: string, kind: K, fallback?: GgufKinds[K]): GgufKinds[K]
  /** Refuse another value than these, if there is one: what it would ask for is not done. */
  expect(key: string, ...allowed: readonly GgufValue[]): void
  /** A number of single precision, in the fewest digits that name it. */
  decimal(key: string, fallback?: number): number
  /** @throws RangeError naming a key that nothing asked for. */
  refuseOthers(): void
}

/** The shortest decimal that becomes the same f32: 1e-5, where a double says 0.000009999999747378752. */
function shortest(value: number): number {
  for (let digits = 1; digits < 10; digits++) {
    const decimal = Number(value.toPrecision(digits))
    if (Math.fround(decimal) === Math.fround(value)) return decimal
  }
  return value
}

/** Watch over the keys of an architecture. */
export function configKeys(metadata: Readonly<Record<string, GgufValue>>, architecture: string): ConfigKeys {
  const asked = new Set<string>()
  const full = (key: string): string => {
    asked.add(`${architecture}.${key}`)
    return `${architecture}.${key}`
  }
  const read: ConfigKeys['read'] = (key, kind, fallback) => ggufValue(metadata, full(key), kind, fallback)
  return {
    read,
    has: (key) => Object.hasOwn(metadata, full(key)),
    expect: (key, ...allowed) => {
      const value = metadata[full(key)]
      if (value !== undefined && !allowed.includes(value))
        throw new RangeError(
          `${full(key)}: expected ${allowed.map(String).join(' or ')}, found ${shownValue(value)}, which is not understood here`,
        )
    },
    decimal: (key, fallback) => shortest(read(key, 'number', fallback)),
    refuseOthers: () => {
      const other = Object.keys(metadata).find((key) => key.startsWith(`${architecture}.`) && !asked.has(key))
      if (other !== undefined)
        throw new RangeError(
          `${other}: expected nothing more of the architecture than what is understood here, found ${shownValue(metadata[other]!)}`,
        )
    },
  }
}

function shownValue(value: GgufValue): string {
  if (typeof value === 'string') return shownName(value)
  return typeof value === 'object' ? `an array of ${value.length}` : String(value)
}

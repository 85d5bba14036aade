// Rounding laws by name, for casts. Comes in: a name. Goes out: a law, or none for nearest rounding.
// Source: docs/design/05-smooth-noises.md. Only laws on the grid: what others give is no cast.

import type { Noise } from '@lotion/core'
import { randomizedRounding, smoothstep, spread } from '@lotion/noise'

const laws = {
  nearest: undefined,
  'randomized-rounding': randomizedRounding,
  smoothstep,
  spread: spread(),
} as const satisfies Readonly<Record<string, Noise | undefined>>

/** Name a way to round. */
export type RoundingName = keyof typeof laws

/** The ways to round, the deterministic one first. */
export const roundingNames = Object.freeze(Object.keys(laws) as RoundingName[])

/** The law of a name; none for `nearest`, which draws nothing. */
export function roundingByName(name: RoundingName): Noise | undefined {
  return laws[name]
}

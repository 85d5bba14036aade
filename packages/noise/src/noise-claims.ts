// The names of claims. Comes in: nothing. Goes out: each claim that a noise may make.
import type { Noise } from '@lotion/core'

/** What a noise may claim; a misspelt claim would be one that no law tries. */
export const noiseClaims = {
  unbiased: true,
  continuous: true,
  preserving: true,
  onGrid: true,
  smooth: true,
} satisfies Readonly<Record<keyof Noise['claims'], true>>

// How rotary frequencies are slowed down for contexts longer than those of pretraining. Comes in: a rule.
// Goes out: the rule, checked; `rotaryFrequencies` of @lotion/core does what it says.
// Source: `linear`, arXiv 2306.15595; `llama3`, the reference code of Llama 3.1. Both as transformers has
// them.

import { refuseUnknownKeys, shownValue } from '@lotion/core/internal'

/** Divide every frequency by `factor`: positions are interpolated. */
export interface LinearRopeScaling {
  /** Tells the rules apart. */
  readonly type: 'linear'
  /** At least 1. */
  readonly factor: number
}

/**
 * Divide low frequencies by `factor`, keep high ones, blend between: those with wavelengths above
 * `originalContext / lowFrequencyFactor` are low, below `originalContext / highFrequencyFactor` high.
 */
export interface Llama3RopeScaling {
  /** Tells the rules apart. */
  readonly type: 'llama3'
  /** At least 1. */
  readonly factor: number
  /** Positive, below `highFrequencyFactor`. */
  readonly lowFrequencyFactor: number
  /** Above `lowFrequencyFactor`. */
  readonly highFrequencyFactor: number
  /** Longest sequence of pretraining. */
  readonly originalContext: number
}

/** A rule for rotary frequencies. */
export type RopeScaling = LinearRopeScaling | Llama3RopeScaling

const members = {
  linear: { type: true, factor: true },
  llama3: {
    type: true,
    factor: true,
    lowFrequencyFactor: true,
    highFrequencyFactor: true,
    originalContext: true,
  },
} as const

/** Check a rule. @throws RangeError or TypeError naming the member, what was expected and found. */
export function checkedRopeScaling(scaling: RopeScaling): RopeScaling {
  const { type } = Object(scaling) as { readonly type: unknown }
  if (type !== 'linear' && type !== 'llama3')
    throw new RangeError(`ropeScaling: type: expected 'linear' or 'llama3', found ${shownValue(type)}`)
  refuseUnknownKeys<object>('ropeScaling', scaling, members[type])
  for (const key of Object.keys(members[type])) {
    const value = (scaling as unknown as Readonly<Record<string, unknown>>)[key]
    if (key === 'type') continue
    const least = key === 'factor' ? 1 : Number.MIN_VALUE
    if (typeof value !== 'number' || !Number.isFinite(value) || value < least) {
      const expected = key === 'factor' ? 'a number of at least 1' : 'a positive number'
      throw new RangeError(`ropeScaling: ${key}: expected ${expected}, found ${shownValue(value)}`)
    }
  }
  if (scaling.type === 'llama3' && scaling.lowFrequencyFactor >= scaling.highFrequencyFactor) {
    throw new RangeError(
      `ropeScaling: lowFrequencyFactor: expected below highFrequencyFactor = ${scaling.highFrequencyFactor}, found ${scaling.lowFrequencyFactor}`,
    )
  }
  return Object.freeze({ ...scaling })
}

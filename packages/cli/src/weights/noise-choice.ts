// Rounding laws by name, for casts. Comes in: a name. Goes out: a law, or none for nearest rounding.
// Source: docs/design/05-smooth-noises.md. Only laws on the grid: what others give is no cast.

import type { Noise } from '@lotion/core'
import { dithered, randomizedRounding, smoothstep, spread } from '@lotion/noise'
import { z } from 'zod'
import { realNumber } from '../kit/option-values.js'

const laws: ReadonlyMap<string, Noise | undefined> = new Map([
  ['nearest', undefined],
  ['randomized-rounding', randomizedRounding],
  ['smoothstep', smoothstep],
  ['spread', spread()],
  ['dithered', dithered(1)],
])

const width = realNumber({ min: 0, max: 1 })

/** The ways to round, the deterministic one first, as they are typed. */
export const roundingNames: readonly string[] = Object.freeze([...laws.keys(), 'dithered:<width>'])

/** What `--noise` stands for: the text, and the law; none for `nearest`, which draws nothing. */
export interface Rounding {
  readonly name: string
  readonly law: Noise | undefined
}

/** Accept a law by name; `dithered:0.3` is `dithered` with a width from 0 to 1 (default: 1), in gaps of the grid. */
export const roundingValue: z.ZodType<Rounding> = z.string().transform((name, context): Rounding => {
  if (laws.has(name)) return { name, law: laws.get(name) }
  const [family, typed] = name.split(/:(.*)/s)
  const refuse = (message: string): never => {
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  if (family !== 'dithered' || typed === undefined)
    return refuse(`expected one of ${roundingNames.join(', ')}, found '${name}'`)
  const found = width.safeParse(typed)
  return found.success
    ? { name, law: dithered(found.data) }
    : refuse(`dithered: the width: ${found.error.issues[0]!.message}`)
})

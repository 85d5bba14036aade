// What config.json says about rotary positions: `rope_theta` and `rope_scaling` of transformers 4, or
// `rope_parameters` of 5. Comes in: their values. Goes out: options of `llama`; and the way back.

import { shownValue } from '@lotion/core/internal'
import type { LlamaConfig } from '../llama-config.js'
import { checkedRopeScaling, type RopeScaling } from '../rope-scaling.js'
import { anything, readKey, unexpected } from './config-keys.js'

/** Readers of the keys; they are looked at together. */
export const ropeKeys = { rope_theta: anything, rope_scaling: anything, rope_parameters: anything } as const

/** The base of frequencies where a file names none. */
const DEFAULT_BASE = 10_000

type RopeOptions = Pick<LlamaConfig, 'ropeBase' | 'ropeScaling'>

const membersOf = {
  default: [],
  linear: ['factor'],
  llama3: ['factor', 'low_freq_factor', 'high_freq_factor', 'original_max_position_embeddings'],
} as const

function isSupported(type: unknown): type is keyof typeof membersOf {
  return typeof type === 'string' && Object.hasOwn(membersOf, type)
}

/** Read `rope_scaling` or `rope_parameters`. */
function readScaling(found: unknown): { readonly base: unknown; readonly scaling: RopeScaling | null } {
  if (found === undefined || found === null) return { base: undefined, scaling: null }
  if (typeof found !== 'object' || Array.isArray(found)) return unexpected('an object', found)
  const record = found as Readonly<Record<string, unknown>>
  const { rope_type, type, rope_theta: base, partial_rotary_factor: part = 1 } = record
  const kind = rope_type ?? type ?? 'default'
  if (rope_type !== undefined && type !== undefined && rope_type !== type)
    return unexpected(`type and rope_type to be equal`, record)
  if (!isSupported(kind)) return unexpected(`type: 'default', 'linear' or 'llama3'`, kind)
  if (part !== 1) return unexpected('partial_rotary_factor: 1', part)
  const members: readonly string[] = membersOf[kind]
  const others = ['rope_type', 'type', 'rope_theta', 'partial_rotary_factor']
  const stray = Object.keys(record).find((key) => !members.includes(key) && !others.includes(key))
  if (stray !== undefined)
    return unexpected(`nothing of the name '${stray}' for the type '${kind}'`, record[stray])
  const number = (key: string): number => {
    const value = record[key]
    return typeof value === 'number' ? value : unexpected(`${key}: a number`, value)
  }
  if (kind === 'default') return { base, scaling: null }
  if (kind === 'linear')
    return { base, scaling: checkedRopeScaling({ type: kind, factor: number('factor') }) }
  const scaling = checkedRopeScaling({
    type: kind,
    factor: number('factor'),
    lowFrequencyFactor: number('low_freq_factor'),
    highFrequencyFactor: number('high_freq_factor'),
    originalContext: number('original_max_position_embeddings'),
  })
  return { base, scaling }
}

/**
 * Read the rotary options.
 * @throws RangeError naming the key, if it asks for a rule that is not supported or the keys contradict each
 * other.
 */
export function readRope(values: {
  readonly [Key in keyof typeof ropeKeys]: unknown
}): RopeOptions {
  const { rope_theta, rope_scaling, rope_parameters } = values
  const older = readKey('rope_scaling', () => readScaling(rope_scaling))
  const newer = readKey('rope_parameters', () => readScaling(rope_parameters))
  const isGiven = (value: unknown) => value !== undefined && value !== null
  const both = isGiven(rope_scaling) && isGiven(rope_parameters)
  if (both && JSON.stringify(older.scaling) !== JSON.stringify(newer.scaling))
    readKey('rope_parameters', () => unexpected('the same as rope_scaling', rope_parameters))
  const bases = [newer.base, older.base, rope_theta].filter(isGiven)
  const ropeBase = bases[0] ?? DEFAULT_BASE
  readKey('rope_theta', () => {
    if (bases.some((base) => base !== ropeBase))
      return unexpected(`one value, ${shownValue(ropeBase)}`, bases.at(-1))
    return typeof ropeBase === 'number' && ropeBase > 0 ? 0 : unexpected('a positive number', ropeBase)
  })
  return { ropeBase: Number(ropeBase), ropeScaling: newer.scaling ?? older.scaling }
}

/** Write the rotary options as keys that transformers 4 and 5 read. */
export function writeRope({ ropeBase, ropeScaling }: RopeOptions): Readonly<Record<string, unknown>> {
  const scaling = ropeScaling && {
    rope_type: ropeScaling.type,
    factor: ropeScaling.factor,
    ...(ropeScaling.type === 'llama3' && {
      low_freq_factor: ropeScaling.lowFrequencyFactor,
      high_freq_factor: ropeScaling.highFrequencyFactor,
      original_max_position_embeddings: ropeScaling.originalContext,
    }),
  }
  return { rope_theta: ropeBase, rope_scaling: scaling }
}

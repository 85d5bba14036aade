// All types of tensors that a GGUF file may have. Comes in: nothing. Goes out: those that are decoded, one a
// line, and those of which only the size is known. Source: ggml_type of ggml.

import type { GgufType } from './gguf-type.js'
import { bf16, f16, f32 } from './types/floats.js'
import { mxfp4 } from './types/mxfp4.js'
import { q2K } from './types/q2-k.js'
import { q3K } from './types/q3-k.js'
import { q4_0 } from './types/q4-0.js'
import { q4_1 } from './types/q4-1.js'
import { q4K } from './types/q4-k.js'
import { q5_0 } from './types/q5-0.js'
import { q5_1 } from './types/q5-1.js'
import { q5K } from './types/q5-k.js'
import { q6K } from './types/q6-k.js'
import { q8_0 } from './types/q8-0.js'

/** Types that are decoded. */
export const decodedTypes: readonly GgufType[] = Object.freeze([
  f32,
  f16,
  bf16,
  q8_0,
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q2K,
  q3K,
  q4K,
  q5K,
  q6K,
  mxfp4,
])

const other = (id: number, name: string, weights: number, bytes: number): GgufType =>
  Object.freeze({ id, name, weights, bytes })

/** Types that are told by name and size, and refused when their numbers are asked for. */
const otherTypes: readonly GgufType[] = [
  other(15, 'Q8_K', 256, 292),
  other(16, 'IQ2_XXS', 256, 66),
  other(17, 'IQ2_XS', 256, 74),
  other(18, 'IQ3_XXS', 256, 98),
  other(19, 'IQ1_S', 256, 50),
  other(20, 'IQ4_NL', 32, 18),
  other(21, 'IQ3_S', 256, 110),
  other(22, 'IQ2_S', 256, 82),
  other(23, 'IQ4_XS', 256, 136),
  other(24, 'I8', 1, 1),
  other(25, 'I16', 1, 2),
  other(26, 'I32', 1, 4),
  other(27, 'I64', 1, 8),
  other(28, 'F64', 1, 8),
  other(29, 'IQ1_M', 256, 56),
  other(34, 'TQ1_0', 256, 54),
  other(35, 'TQ2_0', 256, 66),
  other(40, 'NVFP4', 64, 36),
  other(41, 'Q1_0', 128, 18),
]

/** Every known type by the number that a file has for it. */
export const typesById: ReadonlyMap<number, GgufType> = new Map(
  [...decodedTypes, ...otherTypes].map((type) => [type.id, type]),
)

/** Every known type by its name. */
export const typesByName: ReadonlyMap<string, GgufType> = new Map(
  [...typesById.values()].map((type) => [type.name, type]),
)

// Models of each kind that GGUF files hold: keys shared or not, heads of a width of their own, biases, scaled
// frequencies, tied and untied heads. Comes in: nothing. Goes out: models by what is particular in them.

import { gpt2, llama, type CausalModel } from '@lotion/models'

/** What they have in common. */
export const extents = { vocabulary: 300, dimension: 64, layers: 2, heads: 4, context: 64 }
const rope = {
  type: 'llama3',
  factor: 8,
  lowFrequencyFactor: 1,
  highFrequencyFactor: 4,
  originalContext: 8192,
} as const

/** By what is particular. */
export const models: Readonly<Record<string, CausalModel>> = {
  'llama, tied, two heads of keys': llama({ ...extents, hidden: 192, kvHeads: 2, tied: true }),
  'llama, heads of 32, a head of its own': llama({ ...extents, hidden: 192, headDimension: 32 }),
  'llama, biases': llama({ ...extents, hidden: 192, biases: ['qkv', 'output', 'mlp'] }),
  'llama, divided frequencies': llama({ ...extents, hidden: 192, ropeBase: 500_000, ropeScaling: rope }),
  'llama, stretched positions': llama({
    ...extents,
    hidden: 192,
    ropeScaling: { type: 'linear', factor: 2 },
  }),
  qwen2: llama({ ...extents, hidden: 192, kvHeads: 2, biases: ['qkv'] }),
  qwen3: llama({ ...extents, hidden: 192, kvHeads: 2, headDimension: 32, qkNorm: true, tied: true }),
  gpt2: gpt2(extents),
  'nano, without biases, a head of its own': gpt2({ ...extents, biases: false, tied: false }),
}

// Types: F32, F16, BF16. Comes in: nothing. Goes out: types of single numbers, decoded as those of
// safetensors.

import type { Dtype } from '../../dtype.js'
import { fillFloat32 } from '../../to-float32.js'
import type { GgufType } from '../gguf-type.js'

const float = (name: Dtype, id: number, bytes: number): GgufType =>
  Object.freeze<GgufType>({
    name,
    id,
    weights: 1,
    bytes,
    decode: (blocks, into) => void fillFloat32({ dtype: name, shape: [into.length], bytes: blocks }, into),
  })

/** IEEE 754 binary32. */
export const f32 = float('F32', 0, 4)
/** IEEE 754 binary16. */
export const f16 = float('F16', 1, 2)
/** The upper half of a binary32. */
export const bf16 = float('BF16', 30, 2)

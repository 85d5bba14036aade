// Scale rule: amax / top rounded to the nearest power of two. Comes in: see `e8m0Scale`. Goes out: a rule.
// Source: IEEE 754-2019, section 4.3.1, applied to E8M0 (OCP MX v1.0, section 5.4.1); ties go up, as ml_dtypes and PyTorch convert.

import { e8m0Scale } from './e8m0-scale.js'

/** E8M0 nearest to amax / top: from 1.5 times a power of two on, the next one. Saturates. */
export const e8m0Nearest = e8m0Scale('e8m0-nearest', true, ({ amax, top }) => {
  const ratio = amax.div(top)
  const power = ratio.binade()
  return ratio.less(power.mul(1.5), power, power.mul(2))
})

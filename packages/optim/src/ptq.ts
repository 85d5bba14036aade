// Method: post-training quantization. Comes in: a format. Goes out: a method.
// Source: the baseline of LOTION (arXiv 2510.08757), section 5.

import type { NumberFormat } from '@lotion/core'
import { defineMethod, type Method } from './method.js'

/** Train in full precision; cast at the end. */
export function ptq({ format }: { readonly format: NumberFormat }): Method {
  return defineMethod({ name: 'ptq', format })
}

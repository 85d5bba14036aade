// Method: post-training quantization. Comes in: a format. Goes out: a method.
// Source: the baseline of LOTION (arXiv 2510.08757).

import { defineFamily, type NumberFormat } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import type { MethodContext } from './family-contexts.js'
import { defineMethod, type Method } from './method.js'

/**
 * Train in full precision; cast at the end.
 * @param options The format that is cast to after training.
 * @throws TypeError if an option is unknown or the format is none.
 * @example
 * ```ts
 * import { int4 } from '@lotion/formats'
 * import { adamw, everything, ptq, withMethod } from '@lotion/optim'
 *
 * const method = ptq({ format: int4 })
 * console.log(withMethod(method, adamw({ learningRate: 1e-3 }), everything).slots)
 * ```
 */
export function ptq(options: { readonly format: NumberFormat }): Method {
  refuseUnknownKeys('ptq', options, { format: true })
  const { format } = options
  return defineMethod({ name: 'ptq', format, for: (other) => ptq({ format: other }) })
}

/** `ptq` by name. */
export const ptqFamily = defineFamily({
  name: 'ptq',
  summary: 'Trains as if there were no cast, and casts at the end.',
  make: (_, { format }: MethodContext) => ptq({ format }),
})

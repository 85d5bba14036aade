// Method: quantization-aware training with a straight-through gradient. Comes in: a format. Goes out: a
// method.
// Source: Bengio et al. 2013; the baseline of LOTION (arXiv 2510.08757).

import { castNearest, defineFamily, type NumberFormat } from '@lotion/core'
import { checkFormat, refuseUnknownKeys } from '@lotion/core/internal'
import type { MethodContext } from './family-contexts.js'
import { defineMethod, type Method } from './method.js'

/**
 * Take the gradient at the nearest cast and apply it to the weights.
 * @param options The format that is trained for.
 * @throws TypeError if an option is unknown or the format is none.
 * @example
 * ```ts
 * import { int4 } from '@lotion/formats'
 * import { adamw, everything, qat, withMethod } from '@lotion/optim'
 *
 * const method = qat({ format: int4 })
 * console.log(withMethod(method, adamw({ learningRate: 1e-3 }), everything).slots)
 * ```
 */
export function qat(options: { readonly format: NumberFormat }): Method {
  refuseUnknownKeys('qat', options, { format: true })
  const { format } = options
  checkFormat('qat: format', format)
  return defineMethod({
    name: 'qat',
    format,
    point: castNearest(format),
    for: (other) => qat({ format: other }),
  })
}

/** `qat` by name. */
export const qatFamily = defineFamily({
  name: 'qat',
  summary:
    'Takes the gradient at the cast weights and applies it to the weights themselves (straight-through).',
  make: (_, { format }: MethodContext) => qat({ format }),
})

// Method: straight-through training that holds what is clipped. Comes in: a format. Goes out: a method.
// Source: PyTorch's fake quantization (aten/src/ATen/native/quantized/cuda/FakeQuantizeCore.cu), whose mask
// for gradients is whether rounding alone, before the clip, stays on the grid.

import { castNearest, defineFamily, locate, type NumberFormat } from '@lotion/core'
import { checkFormat, refuseUnknownKeys } from '@lotion/core/internal'
import { defineTransformation } from './define-transformation.js'
import type { MethodContext } from './family-contexts.js'
import { defineMethod, type Method } from './method.js'

/**
 * Take the gradient at the nearest cast and apply it to the weights that the cast does not clip: with x
 * the weight in units of the grid p₀ … pₙ,
 *
 *     g where p₀ − ½ (p₁ − p₀) < x < pₙ + ½ (pₙ − pₙ₋₁),      0 beyond.
 *
 * What is clipped has the same cast wherever it goes, while the scale stays: its loss says nothing of where
 * to. Where the scale is taken from the block's largest weight, as that of `mseClip`, that weight is held,
 * too, and with it the scale. Weight decay and momentum still move what is held. Of a scale that covers all
 * weights, such as `absmax`, nothing is clipped, and it is `qat`, bit for bit.
 * @param options The format that is trained for: one with a scale that clips, such as `mseClip`.
 * @throws TypeError if an option is unknown or the format is none.
 * @example
 * ```ts
 * import { int4, mseClip, withScale } from '@lotion/formats'
 * import { adamw, clippedQat, everything, withMethod } from '@lotion/optim'
 *
 * const method = clippedQat({ format: withScale(int4, mseClip()) })
 * console.log(withMethod(method, adamw({ learningRate: 1e-3 }), everything).slots)
 * ```
 */
export function clippedQat(options: { readonly format: NumberFormat }): Method {
  refuseUnknownKeys('clipped-qat', options, { format: true })
  const { format } = options
  checkFormat('clipped-qat: format', format)
  return defineMethod({
    name: 'clipped-qat',
    format,
    point: castNearest(format),
    ...(format.scale.claims.saturates ? { penalty: mask(format) } : {}),
    for: (other) => clippedQat({ format: other }),
  })
}

/** Passes on the gradient of weights that round to a point of the grid, and 0 for others. */
function mask(format: NumberFormat) {
  const { points } = format.grid
  const [low, next] = [points[0]!, points[1]!]
  const [before, top] = [points.at(-2)!, points.at(-1)!]
  return defineTransformation({
    name: 'clipped-qat',
    block: format.block,
    update: ({ w, update }) => {
      const { x } = locate(format, w).site
      const above = x.less(top + (top - before) / 2, update, 0)
      return { update: x.mul(-1).less((next - low) / 2 - low, above, 0) }
    },
  })
}

/** `clipped-qat` by name. */
export const clippedQatFamily = defineFamily({
  name: 'clipped-qat',
  summary:
    'QAT that gives no gradient to weights which a scale clips; with a scale that covers all of them it is QAT.',
  make: (_, { format }: MethodContext) => clippedQat({ format }),
})

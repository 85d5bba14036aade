// All kernel rules of this package. A new rule: one file (or one line in a thematic one) and one line here.

import { convolution } from './convolution.js'
import { creation } from './creation.js'
import { elementwiseBinary } from './elementwise-binary.js'
import { elementwiseUnary } from './elementwise-unary.js'
import { indexing } from './indexing.js'
import type { KernelRule } from './kernel-rule.js'
import { layout } from './layout.js'
import { matrixProduct } from './matrix-product.js'
import { pooling } from './pooling.js'
import { reductions } from './reductions.js'

/** Every rule that `onnxEngine` knows by itself. */
export const builtInKernels: readonly KernelRule[] = Object.freeze([
  ...convolution,
  ...creation,
  ...elementwiseBinary,
  ...elementwiseUnary,
  ...indexing,
  ...layout,
  ...matrixProduct,
  ...pooling,
  ...reductions,
])

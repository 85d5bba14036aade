// Cases of tfjs kernels for engines that run them elsewhere; an entry of its own, for it loads tfjs.

import { creationCases, indexingCases, layoutCases, reductionCases } from './array-cases.js'
import { binaryCases, unaryCases } from './elementwise-cases.js'
import type { KernelCase } from './kernel-cases.js'
import { convolutionCases, matrixCases, poolingCases } from './product-cases.js'

/** Small cases of every kernel that has gradients or values to compare, by kind. */
export const kernelCases: Readonly<Record<string, readonly KernelCase[]>> = {
  unary: unaryCases,
  binary: binaryCases,
  layout: layoutCases,
  indexing: indexingCases,
  creation: creationCases,
  reduction: reductionCases,
  matrix: matrixCases,
  convolution: convolutionCases,
  pooling: poolingCases,
}

export { floats, intList, present, valueOfTwo, type KernelCase } from './kernel-cases.js'
export { indexedCases, sharedCases, summedCases } from './thread-cases.js'
export { differences } from './thread-results.js'

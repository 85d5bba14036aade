// The definition of a matrix product, in JavaScript: what runs where WebAssembly has no SIMD.
// Comes in: a plan and arrays. Goes out: C. Source: docs/design/07-cpu.md, "Matrix products".

import { DEPTH } from './gemm-module.js'
import type { ProductPlan } from './product-plan.js'

/**
 * Compute C [rows, columns] = Σ A B for each batch, in f32: runs of 256 steps are summed each from 0, step by
 * step, each product rounded before it is added; the runs' sums are added up in order.
 */
export function jsGemm(plan: ProductPlan, a: Float32Array, b: Float32Array, c: Float32Array): void {
  const { rows, columns, depth, batches } = plan
  const [[aRow, aStep], [bStep, bColumn]] = [plan.a, plan.b]
  const sums = new Float32Array(columns)
  for (let batch = 0; batch < batches; batch++) {
    const [aFrom, bFrom] = [plan.aAt(batch), plan.bAt(batch)]
    for (let row = 0; row < rows; row++) {
      const to = (batch * rows + row) * columns
      c.fill(0, to, to + columns)
      for (let from = 0; from < depth; from += DEPTH) {
        sums.fill(0)
        const end = Math.min(from + DEPTH, depth)
        for (let step = from; step < end; step++) {
          const factor = a[aFrom + row * aRow + step * aStep]!
          const start = bFrom + step * bStep
          for (let j = 0; j < columns; j++) sums[j]! += Math.fround(factor * b[start + j * bColumn]!)
        }
        for (let j = 0; j < columns; j++) c[to + j]! += sums[j]!
      }
    }
  }
}

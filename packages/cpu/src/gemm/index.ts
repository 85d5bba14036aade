// The public surface of @lotion/cpu/gemm: matrix products in the memory of an executor or of others.

export { matmul } from './matmul.js'
export type { CpuTensor, MatmulOptions } from './matmul.js'
export type { ProductOptions } from './product-plan.js'

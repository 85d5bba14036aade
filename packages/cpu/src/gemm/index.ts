// The public surface of @lotion/cpu/gemm: matrix products in the memory of an executor or of others.

export { matmul } from './matmul.js'
export type { CpuTensor, MatmulOptions } from './matmul.js'
export { memoryGemm } from './memory-gemm.js'
export { productPlan } from './product-plan.js'
export type { ProductOptions, ProductPlan } from './product-plan.js'
export type { ProductAddresses, WasmGemm } from './wasm-gemm.js'
export type { WebAssemblyMemory } from '../wasm/web-assembly.js'

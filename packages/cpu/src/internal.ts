// What sister packages need of @lotion/cpu: no promise, it may change in any release.
export { memoryGemm } from './gemm/memory-gemm.js'
export { productPlan, type ProductPlan } from './gemm/product-plan.js'
export type { ProductAddresses, WasmGemm } from './gemm/wasm-gemm.js'
export type { WebAssemblyMemory } from './wasm/web-assembly.js'

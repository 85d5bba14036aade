// The public surface of @lotion/cpu.
export * from './cpu-executor.js'
export type * from './execution-report.js'
export type { CpuTensor, IntoOptions, Matmul } from './gemm/open-gemm.js'
export { memoryGemm } from './gemm/memory-gemm.js'
export { productPlan } from './gemm/product-plan.js'
export type { MatmulOptions, ProductPlan } from './gemm/product-plan.js'
export type { ProductAddresses, WasmGemm } from './gemm/wasm-gemm.js'
export type { WebAssemblyMemory } from './wasm/web-assembly.js'

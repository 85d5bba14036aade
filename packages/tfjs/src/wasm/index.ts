// The public surface of @lotion/tfjs/wasm: kernels of our own for tfjs's WebAssembly backend.

export { registerWasmKernels } from './register-wasm-kernels.js'
export type { WasmKernelOptions, WasmKernels } from './register-wasm-kernels.js'

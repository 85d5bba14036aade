// Matrix products in a WebAssembly memory of another owner, such as tfjs. Comes in: the memory, a
// way to reserve bytes in it. Goes out: products of matrices by address, nothing copied.
// Source: docs/design/07-cpu.md, "Matrix products".

import type { MemoryViews } from '../wasm/threads/lane-memory.js'
import type { WebAssemblyMemory } from '../wasm/web-assembly.js'
import { GEMM_SCRATCH_BYTES } from './gemm-module.js'
import { RECORD_BATCHES, recordWords, wasmGemm, type WasmGemm } from './wasm-gemm.js'

/**
 * Make products in a memory, on the caller's thread; bit for bit those of `matmul`. `reserve` gives bytes for
 * good, aligned to 4, about 700 kB in all.
 * @throws if this machine has no WebAssembly SIMD.
 */
export function memoryGemm(memory: WebAssemblyMemory, reserve: (bytes: number) => number): WasmGemm {
  const record = reserve(4 * recordWords(RECORD_BATCHES))
  const scratch = reserve(GEMM_SCRATCH_BYTES)
  let views = viewsOf(memory.buffer)
  return wasmGemm({
    memory: {
      memory,
      shared: typeof SharedArrayBuffer === 'function' && memory.buffer instanceof SharedArrayBuffer,
      // Growing replaces the buffer.
      views: () => (views.bytes.buffer === memory.buffer ? views : (views = viewsOf(memory.buffer))),
      reserve,
    },
    batch: {
      threads: 1,
      room: () => ({ record, partials: 0 }),
      add: ({ run }, at, [first, end]) => run(at, first, end, scratch),
      flush: () => undefined,
    },
  })
}

function viewsOf(buffer: ArrayBuffer | SharedArrayBuffer): MemoryViews {
  return {
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
    i32: new Int32Array(buffer),
    bytes: new Uint8Array(buffer),
  }
}

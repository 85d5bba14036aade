// ggml's own decoding of blocks, from the library in node-llama-cpp's binaries. Comes in: a type, blocks.
// Goes out: weights.
// Source: npm @node-llama-cpp/linux-x64; dequantize_row_* of ggml-quants.h.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { llamaCppBinaries } from '@lotion/test-kit'

const path = ['libggml-base.so', 'libggml-base.dylib', 'ggml-base.dll']
  .map((name) => join(llamaCppBinaries ?? '', name))
  .find((each) => llamaCppBinaries !== undefined && existsSync(each))

/** Whether there is no library here. */
export const missing = path === undefined

// Kept for the life of the process: a library that is given back and loaded again finds its own handler of
// exceptions set, and aborts.
const library = path === undefined ? undefined : (await import('koffi')).default.load(path)

/** Decode blocks as ggml does: `Q4_0`, `Q8_0`, `MXFP4`. */
export async function ggmlWeights(type: string, blocks: Uint8Array, count: number): Promise<Float32Array> {
  const name = `dequantize_row_${type.toLowerCase()}`
  const decode = library!.func(`void ${name}(const void *blocks, _Out_ float *weights, int64_t count)`)
  const weights = new Float32Array(count)
  decode(blocks, weights, count)
  return weights
}

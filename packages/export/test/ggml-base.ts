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

/** Decode blocks as ggml does: `Q4_0`, `Q8_0`, `MXFP4`. */
export async function ggmlWeights(type: string, blocks: Uint8Array, count: number): Promise<Float32Array> {
  const { default: koffi } = await import('koffi')
  const library = koffi.load(path!)
  const name = `dequantize_row_${type.toLowerCase()}`
  const decode = library.func(`void ${name}(const void *blocks, _Out_ float *weights, int64_t count)`)
  const weights = new Float32Array(count)
  decode(blocks, weights, count)
  return weights
}

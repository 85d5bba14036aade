// ggml's own decoding and encoding of blocks, from the library in node-llama-cpp's binaries. Comes in: a
// type, and blocks or weights. Goes out: the other.
// Source: npm @node-llama-cpp/linux-x64; dequantize_row_* of ggml-quants.h, ggml_quantize_chunk of ggml.h.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { llamaCppBinaries } from './llama-cpp-binaries.js'

const path = ['libggml-base.so', 'libggml-base.dylib', 'ggml-base.dll']
  .map((name) => join(llamaCppBinaries ?? '', name))
  .find((each) => llamaCppBinaries !== undefined && existsSync(each))

/** Whether there is no library here. */
export const missing = path === undefined

// Kept for the life of the process: a library that is given back and loaded again finds its own handler of
// exceptions set, and aborts.
const library = path === undefined ? undefined : (await import('koffi')).default.load(path)

/** Of `enum ggml_type`, and the bytes of a block of 32 weights. */
const encoded: Readonly<Record<string, { readonly id: number; readonly bytes: number }>> = {
  Q4_0: { id: 2, bytes: 18 },
  Q8_0: { id: 8, bytes: 34 },
}

/** Whether `ggmlBlocks` makes a type. */
export const ggmlEncodes = (type: string): boolean => !missing && Object.hasOwn(encoded, type)

/** Decode blocks as ggml does: `Q4_0`, `Q8_0`, `MXFP4`. */
export async function ggmlWeights(type: string, blocks: Uint8Array, count: number): Promise<Float32Array> {
  const name = `dequantize_row_${type.toLowerCase()}`
  const decode = library!.func(`void ${name}(const void *blocks, _Out_ float *weights, int64_t count)`)
  const weights = new Float32Array(count)
  decode(blocks, weights, count)
  return weights
}

/**
 * Quantize rows by ggml's own rule, without weights of importance: `Q4_0`, `Q8_0`.
 * @param shape Whole blocks a row, the last axis. @throws Error if ggml writes other than that many bytes.
 */
export function ggmlBlocks(type: string, weights: Float32Array, shape: readonly number[]): Uint8Array {
  const { id, bytes } = encoded[type]!
  const encode = library!.func(
    'size_t ggml_quantize_chunk(int type, const float *weights, _Out_ uint8_t *blocks, int64_t start, int64_t rows, int64_t columns, const float *importance)',
  )
  const columns = shape.at(-1)!
  const blocks = new Uint8Array((weights.length / 32) * bytes)
  const written = Number(encode(id, weights, blocks, 0, weights.length / columns, columns, null))
  if (written !== blocks.length)
    throw new Error(`${type}: expected ${blocks.length} bytes of ggml, found ${written}`)
  return blocks
}

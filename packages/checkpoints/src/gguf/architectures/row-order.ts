// Orders of rows that llama.cpp changes. Comes in: weights of its files. Goes out: those of Hugging Face.
// Source: `permute` and the transposes of llama.cpp's convert_hf_to_gguf.py.

import type { HfTensor, Weights } from './gguf-architecture.js'

/**
 * Rows of a head: files have the two halves of its rotary pairs side by side (row 2i and 2i + 1), Hugging
 * Face one half after the other (row i and i + half). Vectors are rows of one weight.
 */
function unpermuted({ data, shape }: Weights, heads: number): Weights {
  const rows = shape[0]!
  const width = data.length / rows
  const [each, half] = [rows / heads, rows / heads / 2]
  if (!Number.isInteger(half))
    throw new RangeError(`expected rows for ${heads} heads of an even width, found ${rows}`)
  const ordered = new Float32Array(data.length)
  for (let row = 0; row < rows; row++) {
    const [head, within] = [Math.floor(row / each), row % each]
    const from = head * each + 2 * (within % half) + Math.floor(within / half)
    ordered.set(data.subarray(from * width, (from + 1) * width), row * width)
  }
  return { data: ordered, shape }
}

/** Queries whose rows were permuted. */
export function permutedQueries(name: string): HfTensor {
  return { name, undo: (weights, { heads }) => unpermuted(weights, heads) }
}

/** Keys whose rows were permuted. */
export function permutedKeys(name: string): HfTensor {
  return { name, undo: (weights, { kvHeads }) => unpermuted(weights, kvHeads) }
}

/** A matrix that Hugging Face has with inputs as rows. */
export function transposed(name: string): HfTensor {
  return {
    name,
    shape: ([rows, columns]) => [columns!, rows!],
    undo: ({ data, shape: [rows, columns] }) => {
      const turned = new Float32Array(data.length)
      for (let row = 0; row < rows!; row++)
        for (let column = 0; column < columns!; column++)
          turned[column * rows! + row] = data[row * columns! + column]!
      return { data: turned, shape: [columns!, rows!] }
    },
  }
}

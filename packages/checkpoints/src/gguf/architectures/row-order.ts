// Orders of rows that llama.cpp changes. Comes in: weights of its files, or how many rows there are. Goes
// out: weights of Hugging Face, or which of its rows stands where.
// Source: `permute` and the transposes of llama.cpp's convert_hf_to_gguf.py.

import type { HfTensor, Weights } from './gguf-architecture.js'

/**
 * Where a file has each row of Hugging Face. Of a head, files have the two halves of its rotary pairs side by
 * side (row 2i and 2i + 1), Hugging Face one half after the other (row i and i + half).
 */
function placesOf(rows: number, heads: number): Uint32Array {
  const [each, half] = [rows / heads, rows / heads / 2]
  if (!Number.isInteger(half))
    throw new RangeError(`expected rows for ${heads} heads of an even width, found ${rows}`)
  return Uint32Array.from({ length: rows }, (_, row) => {
    const [head, within] = [Math.floor(row / each), row % each]
    return head * each + 2 * (within % half) + Math.floor(within / half)
  })
}

/** Which row of Hugging Face stands at each row of a file. */
export function permutedRows(rows: number, heads: number): Uint32Array {
  const found = new Uint32Array(rows)
  placesOf(rows, heads).forEach((place, row) => (found[place] = row))
  return found
}

/** Weights in the order of Hugging Face. Vectors are rows of one weight. */
export function unpermuted({ data, shape }: Weights, heads: number): Float32Array {
  const places = placesOf(shape[0]!, heads)
  const width = data.length / places.length
  const ordered = new Float32Array(data.length)
  places.forEach((from, row) => ordered.set(data.subarray(from * width, (from + 1) * width), row * width))
  return ordered
}

/** A matrix with rows as columns. */
export function turned({ data, shape: [rows, columns] }: Weights): Float32Array {
  const made = new Float32Array(data.length)
  for (let row = 0; row < rows!; row++)
    for (let column = 0; column < columns!; column++)
      made[column * rows! + row] = data[row * columns! + column]!
  return made
}

/** Queries whose rows were permuted. */
export const permutedQueries = (name: string): HfTensor => ({ name, permuted: 'heads' })

/** Keys whose rows were permuted. */
export const permutedKeys = (name: string): HfTensor => ({ name, permuted: 'kvHeads' })

/** A matrix that Hugging Face has with inputs as rows. */
export const transposed = (name: string): HfTensor => ({ name, transposed: true })

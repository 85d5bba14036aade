// Keyed randomness: a counter-based generator, so that a number depends on its key and position alone.
// Comes in: a key (seed, stream), a step, an element's index. Goes out: 32-bit words, uniforms, normals.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), Threefry-2x32 with 20
// rounds.

/** Name a stream of random numbers: same key, same numbers, on every executor and thread count. */
export interface RandomKey {
  /** Whole number, 0 … 2^53 − 1. */
  readonly seed: number
  /** What the numbers are for, e.g. a parameter's name. */
  readonly stream: string
  /** Position in time: the training step. Default 0. */
  readonly step?: number
}

/** By how many bits the rounds of Threefry-2x32 turn a word, eight in turn. */
export const threefryRotations = [13, 15, 26, 6, 17, 29, 16, 24] as const

/** What the third key word of Threefry-2x32 is made with. */
export const THREEFRY_PARITY = 0x1bd11bda

/**
 * Encrypt a two-word counter with a two-word key: Threefry-2x32-20.
 * All words are unsigned 32-bit. Writes the two result words to `out[at]` and `out[at + 1]`.
 */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
  at = 0,
): void {
  const keys = [key0 | 0, key1 | 0, THREEFRY_PARITY ^ key0 ^ key1] as const
  let x = (counter0 + keys[0]) | 0
  let y = (counter1 + keys[1]) | 0
  for (let group = 0; group < 5; group++) {
    for (let round = 0; round < 4; round++) {
      const turn = threefryRotations[((group & 1) << 2) | round]!
      x = (x + y) | 0
      y = ((y << turn) | (y >>> (32 - turn))) ^ x
    }
    x = (x + keys[((group + 1) % 3) as 0 | 1 | 2]) | 0
    y = (y + keys[((group + 2) % 3) as 0 | 1 | 2] + group + 1) | 0
  }
  out[at] = x
  out[at + 1] = y
}

/** Hash a name to 32 bits (FNV-1a over UTF-16 code units, finished with an avalanche). */
function hashName(name: string, basis: number): number {
  let hash = basis
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Derive the generator's two key words from a seed and a stream's name. */
export function keyWords(key: RandomKey): readonly [number, number] {
  if (!Number.isSafeInteger(key.seed) || key.seed < 0) {
    throw new RangeError(`seed: expected a whole number from 0 to 2^53 − 1, found ${key.seed}`)
  }
  const words = new Uint32Array(2)
  const low = key.seed >>> 0
  const high = Math.floor(key.seed / 2 ** 32)
  threefry2x32(low, high, hashName(key.stream, 0x811c9dc5), hashName(key.stream, 0x9747b28c), words)
  return [words[0]!, words[1]!]
}

/**
 * Fill an array with random words. Element i takes word i mod 2 of counter (⌊i/2⌋, step),
 * so any range can be made alone: `first` is the index of the first element (even).
 * @throws RangeError if seed, step or first is not a whole number in its range.
 */
export function randomWords(key: RandomKey, length: number, first = 0): Uint32Array {
  const [key0, key1] = keyWords(key)
  const step = key.step ?? 0
  if (!Number.isInteger(step) || step < 0 || step >= 2 ** 32) {
    throw new RangeError(`step: expected a whole number from 0 to 2^32 − 1, found ${step}`)
  }
  if (!Number.isInteger(first / 2) || first < 0) {
    throw new RangeError(`first: expected an even whole number, found ${first}; words are made in pairs`)
  }
  const out = new Uint32Array(length + (length & 1))
  for (let i = 0; i < length; i += 2) threefry2x32(key0, key1, (first + i) / 2, step, out, i)
  return out.subarray(0, length)
}

/**
 * Draw uniforms in [0, 1): the upper 24 bits of each word, exact in f32.
 * @param key What the numbers depend on, beside their position.
 * @param length How many.
 * @param first Position of the first number, even: long streams can be drawn in parts.
 * @throws RangeError if seed or step of the key is not a whole number in its range, or `first` not an even
 * one.
 * @example
 * ```ts
 * import { uniforms } from '@lotion/core'
 *
 * console.log(uniforms({ seed: 1, stream: 'dither', step: 3 }, 4)) // in [0, 1), the same everywhere
 * ```
 */
export function uniforms(key: RandomKey, length: number, first = 0): Float32Array {
  return Float32Array.from(randomWords(key, length, first), (word) => (word >>> 8) * 2 ** -24)
}

/**
 * Draw standard normals by Box–Muller from pairs of words; the same on platforms whose `log`, `sin` and `cos`
 * agree.
 * @param key What the numbers depend on, beside their position.
 * @param length How many.
 * @throws RangeError if seed or step of the key is not a whole number in its range.
 * @example
 * ```ts
 * import { normals } from '@lotion/core'
 *
 * console.log(normals({ seed: 1, stream: 'weights' }, 4))
 * ```
 */
export function normals(key: RandomKey, length: number): Float32Array {
  const words = randomWords(key, length + (length & 1))
  const out = new Float32Array(length)
  for (let i = 0; i < length; i += 2) {
    // (0, 1]: the logarithm of 0 is not finite.
    const radius = Math.sqrt(-2 * Math.log((words[i]! + 1) * 2 ** -32))
    const angle = 2 * Math.PI * words[i + 1]! * 2 ** -32
    out[i] = radius * Math.cos(angle)
    if (i + 1 < length) out[i + 1] = radius * Math.sin(angle)
  }
  return out
}

/**
 * Draw whole numbers in 0 … below − 1. The bias is under below · 2^−32.
 * @param key What the numbers depend on, beside their position.
 * @param length How many.
 * @param below Number of different values, 1 to 2^32.
 * @throws RangeError if seed or step of the key is not a whole number in its range, or `below` not one from 1
 * to 2^32.
 */
export function integers(key: RandomKey, length: number, below: number): Uint32Array {
  if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) {
    throw new RangeError(`below: expected a whole number from 1 to 2^32, found ${below}`)
  }
  return randomWords(key, length).map((word) => Math.floor((word / 2 ** 32) * below))
}

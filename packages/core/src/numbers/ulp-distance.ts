// The distance of two f32 numbers in units in the last place. Comes in: numbers. Goes out: how many f32 steps
// apart.
// Source: IEEE 754-2019: the bits of numbers of one sign are ordered as the numbers are.

const words = new Int32Array(1)
const float = new Float32Array(words.buffer)

function rank(x: number): number {
  float[0] = x
  return words[0]! < 0 ? -(words[0]! & 0x7fffffff) : words[0]!
}

/** Count f32 steps from a to b; 0 for a NaN and a NaN, and for the zeros; ∞ for a NaN and a number. */
export function ulpDistance(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Infinity
  return Math.abs(rank(a) - rank(b))
}

/** The f32 number some steps above x, or below; an infinity beyond the largest. */
export function ulpSteps(x: number, steps: number): number {
  if (!Number.isFinite(x)) return x
  const target = Math.max(-0x7f800000, Math.min(0x7f800000, rank(x) + steps))
  words[0] = target < 0 ? -target | 0x80000000 : target
  return float[0]!
}

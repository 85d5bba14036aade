// The exponent of a number as a number: what grids of floating-point formats step by.
// Comes in: a number. Goes out: a power of two, exact in f32 and f64 alike. Source: docs/design/02-lanes.md.

const value = new Float64Array(1)
const words = new Int32Array(value.buffer)
value[0] = 1
/** Which of the two words holds the exponent: 1.0 has zeros in the other. */
const HIGH = words[1] === 0 ? 0 : 1

/** Find the largest power of two ≤ |x|; 0 for ±0, ∞ for ±∞, NaN for NaN. Exact, subnormals included. */
export function binade(x: number): number {
  value[0] = x
  const exponent = words[HIGH]! & 0x7ff00000
  if (exponent === 0x7ff00000) return Math.abs(x)
  // Subnormal in f64, or 0: two exact scalings.
  if (exponent === 0) return x === 0 ? 0 : binade(x * 2 ** 54) / 2 ** 54
  words[HIGH] = exponent
  words[1 - HIGH] = 0
  return value[0]
}

/** The same function as source text, defining `binade` for emitted programs. */
export const binadeScript = [
  'const binadeOf = new Float64Array(1), binadeWords = new Int32Array(binadeOf.buffer)',
  'binadeOf[0] = 1',
  'const binadeHigh = binadeWords[1] === 0 ? 0 : 1',
  'const binade = (x) => {',
  'binadeOf[0] = x',
  'const exponent = binadeWords[binadeHigh] & 0x7ff00000',
  'if (exponent === 0x7ff00000) return Math.abs(x)',
  `if (exponent === 0) return x === 0 ? 0 : binade(x * ${2 ** 54}) / ${2 ** 54}`,
  'binadeWords[binadeHigh] = exponent',
  'binadeWords[1 - binadeHigh] = 0',
  'return binadeOf[0]',
  '}',
].join('\n')

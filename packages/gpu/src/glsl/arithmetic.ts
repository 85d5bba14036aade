// The functions that kernels call on WebGL2, in GLSL ES 3.00. Comes in: nothing. Goes out: GLSL, and its
// declarations for gpu.js.
// Source: docs/design/08-gpu.md; the meaning of the operations is packages/core/src/evaluate.ts.

import type { NativeFunction } from '../gpu-js.js'
import { threefryRounds } from '../wgsl/threefry.js'

const rounds = threefryRounds(
  (name, text) => `  ${name} = ${text};`,
  (a, b) => `${a} + ${/^\d/.test(b) ? `${b}u` : b}`,
  (word, by) => `((${word} << ${by}u) | (${word} >> ${32 - by}u)) ^ x`,
)

const GLSL_SOURCE = `
// An exclusive or with a number that is 0 when the kernel runs: nothing is fused, reordered or folded across it.
float hold(uint x) { return uintBitsToFloat(x ^ uint(uTexSize.y >> 31)); }
float unbits(int x) { return hold(uint(x)); }
int quotient(int a, int b) { return a / b; }

float fadd(float x, float y) { return hold(floatBitsToUint(x + y)); }
float fsub(float x, float y) { return hold(floatBitsToUint(x - y)); }
float fmul(float x, float y) { return hold(floatBitsToUint(x * y)); }
// A divisor that is known beforehand would be turned into a factor, which rounds twice.
float fdiv(float x, float y) { return hold(floatBitsToUint(x / hold(floatBitsToUint(y)))); }
float fsqrt(float x) { return hold(floatBitsToUint(sqrt(x))); }
float fabs(float x) { return hold(floatBitsToUint(x) & 0x7fffffffu); }
float ffloor(float x) { return floor(x); }
float fselect(float a, float b, float x, float y) { return a < b ? x : y; }

float fbinade(float x) {
  uint a = floatBitsToUint(x) & 0x7fffffffu;
  if (a >= 0x7f800000u) { return hold(a); }
  if (a >= 0x800000u) { return hold(a & 0x7f800000u); }
  // The leading bit of a subnormal.
  a |= a >> 1u;
  a |= a >> 2u;
  a |= a >> 4u;
  a |= a >> 8u;
  a |= a >> 16u;
  return hold(a ^ (a >> 1u));
}

float drawn(int i, int key0, int key1, int key2, int draw) {
  uint k0 = uint(key0);
  uint k1 = uint(key1);
  uint k2 = uint(key2);
  uint x = uint(i) >> 1u;
  uint y = uint(draw);
${rounds.join('\n')}
  return float(((i & 1) == 1 ? y : x) >> 8u) * 5.9604644775390625e-8;
}
`

const typed = (names: string, type: string): Record<string, string> =>
  Object.fromEntries(names.split(' ').map((name) => [name, type]))

const numbers = (name: string, names: string): Omit<NativeFunction, 'source'> => ({
  name,
  argumentTypes: typed(names, 'Number'),
  returnType: 'Number',
})

const declarations: readonly Omit<NativeFunction, 'source'>[] = [
  ...['fadd', 'fsub', 'fmul', 'fdiv'].map((name) => numbers(name, 'x y')),
  ...['fsqrt', 'fabs', 'ffloor', 'fbinade'].map((name) => numbers(name, 'x')),
  numbers('fselect', 'a b x y'),
  { name: 'unbits', argumentTypes: { x: 'Integer' }, returnType: 'Number' },
  { name: 'quotient', argumentTypes: typed('a b', 'Integer'), returnType: 'Integer' },
  { name: 'drawn', argumentTypes: typed('i key0 key1 key2 draw', 'Integer'), returnType: 'Number' },
]

/** The functions; the first of them carries the text of all. */
export const glslFunctions: readonly NativeFunction[] = declarations.map((declaration, i) => ({
  ...declaration,
  source: i === 0 ? GLSL_SOURCE : '',
}))

// Functions that kernels call where there is no WGSL: whole-number division, binades, the keyed generator.
// Comes in: nothing. Goes out: source text in the language of gpu.js. Source: docs/design/08-gpu.md.

import type { Helper } from './block-index.js'
import { threefryRounds } from './wgsl/threefry.js'

const whole = (names: string) => Object.fromEntries(names.split(' ').map((name) => [name, 'Integer']))

/** The generator's rounds change their arguments: those stay whole numbers. */
const rounds = threefryRounds(
  (name, text) => `${name} = ${text}`,
  (a, b) => `((${a} + ${b}) | 0)`,
  (word, by) => `((${word} << ${by}) | (${word} >>> ${32 - by})) ^ x`,
)

const common: readonly Helper[] = [
  // A quotient of floats is off by at most 2^-23 of itself, that of what remains by less than 1.
  {
    source: 'function cut(x) { return Math.floor(x) }',
    argumentTypes: { x: 'Number' },
    returnType: 'Integer',
  },
  {
    source: 'function quotient(a, b) { return refined(a, b, cut(a / b)) }',
    argumentTypes: whole('a b'),
    returnType: 'Integer',
  },
  {
    source: 'function refined(a, b, q) { return settled(a, b, q + cut((a - q * b) / b)) }',
    argumentTypes: whole('a b q'),
    returnType: 'Integer',
  },
  {
    source: 'function settled(a, b, q) { return a - q * b < 0 ? q - 1 : (a - q * b < b ? q : q + 1) }',
    argumentTypes: whole('a b q'),
    returnType: 'Integer',
  },
  {
    source: `function word(x, y, k0, k1, k2, odd) {\n${rounds.join('\n')}\nreturn (odd > 0 ? y : x) >>> 8\n}`,
    argumentTypes: whole('x y k0 k1 k2 odd'),
    returnType: 'Integer',
  },
  {
    source:
      'function uniform(i, key0, key1, key2, step) { return word(i >> 1, step, key0, key1, key2, i & 1) * 5.960464477539063e-8 }',
    argumentTypes: whole('i key0 key1 key2 step'),
    returnType: 'Number',
  },
]

/** Exact scalings by powers of two, largest first, until the number lies in [1, 2). */
function binade(steps: readonly number[]): Helper {
  const lines = steps.map((step) => {
    const up = `if (a >= ${2 ** step}) { a = a * ${2 ** -step}; p = p * ${2 ** step} }`
    const down = `if (a < ${2 ** (1 - step)}) { a = a * ${2 ** step}; p = p * ${2 ** -step} }`
    return [up, down]
  })
  return {
    source: [
      'function fbinade(x) {',
      'let a = Math.abs(x)',
      'let p = 1.0',
      'if (a > 0 && a < Infinity) {',
      'if (a >= 1) {',
      ...lines.map(([up]) => up),
      '} else {',
      ...lines.map(([, down]) => down),
      '}',
      'return p',
      '}',
      'return a',
      '}',
    ].join('\n'),
    argumentTypes: { x: 'Number' },
    returnType: 'Number',
  }
}

/** For f32 as WebAssembly computes it. */
export const singleHelpers: readonly Helper[] = [...common, binade([64, 64, 32, 16, 8, 4, 2, 1])]

/** For f64 as JavaScript computes it. */
export const doubleHelpers: readonly Helper[] = [
  ...common,
  binade([512, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1]),
]

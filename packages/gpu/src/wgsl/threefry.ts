// The keyed generator in WGSL: Threefry-2x32 with 20 rounds. Comes in: nothing. Goes out: a WGSL function.
// Source: packages/core/src/numbers/threefry.ts, whose words these are.

import { threefryRotations } from '@lotion/core/internal'

/** Rounds of the cipher on words `x` and `y` under keys `k[0 … 2]`, a statement a line; `add` is mod 2^32. */
export function threefryRounds(
  assign: (name: 'x' | 'y', text: string) => string,
  add: (a: string, b: string) => string,
  turn: (word: string, by: number) => string,
): readonly string[] {
  const lines: string[] = [assign('x', add('x', 'k0')), assign('y', add('y', 'k1'))]
  for (let group = 0; group < 5; group++) {
    for (let round = 0; round < 4; round++) {
      const by = threefryRotations[((group & 1) << 2) | round]!
      lines.push(assign('x', add('x', 'y')), assign('y', turn('y', by)))
    }
    lines.push(assign('x', add('x', `k${(group + 1) % 3}`)))
    lines.push(assign('y', add(add('y', `k${(group + 2) % 3}`), String(group + 1))))
  }
  return lines
}

const rounds = threefryRounds(
  (name, text) => `  ${name} = ${text};`,
  (a, b) => `${a} + ${/^\d/.test(b) ? `${b}u` : b}`,
  (word, by) => `((${word} << ${by}u) | (${word} >> ${32 - by}u)) ^ x`,
)

/** `uniform(i, key0, key1, key2, step)`: element i of `uniforms`, in [0, 1). */
export const WGSL_THREEFRY = `
fn fn_uniform(i : i32, key0 : i32, key1 : i32, key2 : i32, step : i32) -> f32 {
  let k0 = bitcast<u32>(key0);
  let k1 = bitcast<u32>(key1);
  let k2 = bitcast<u32>(key2);
  var x = bitcast<u32>(i) >> 1u;
  var y = bitcast<u32>(step);
${rounds.join('\n')}
  return f32(select(x, y, (i & 1) == 1) >> 8u) * 0x1p-24;
}
`

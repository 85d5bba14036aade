import { expect, it } from 'vitest'
import { examplesOf } from './doc-examples.mjs'

const fence = '```'

it('finds the examples of functions and values, with their lines', () => {
  const text = `/**
 * Doubles.
 * @throws never.
 * @example
 * ${fence}ts
 * if (true) {
 *   double(2)
 * }
 * ${fence}
 */
export function double(x: number): number {
  return 2 * x
}

/**
 * @example
 * ${fence}ts
 * console.log(two)
 * ${fence}
 */
export const two = 2
`
  expect(examplesOf('a.ts', text)).toEqual({
    examples: [
      { name: 'double', line: 4, code: 'if (true) {\n  double(2)\n}\n' },
      { name: 'two', line: 16, code: 'console.log(two)\n' },
    ],
    malformed: [],
  })
})

it.each(['double(2)', `\n * ${fence}js\n * double(2)\n * ${fence}`, `\n * double(2)`])(
  'tells of an example that is no block of ts: %j',
  (example) => {
    const { examples, malformed } = examplesOf(
      'a.ts',
      `/**\n * @example ${example}\n */\nexport const two = 2\n`,
    )
    expect(examples).toEqual([])
    expect(malformed).toMatchObject([{ name: 'two', line: 2 }])
  },
)

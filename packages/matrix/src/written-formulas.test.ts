import fc from 'fast-check'
import katex from 'katex'
import { describe, expect, it } from 'vitest'
import { evaluate, texOf, trace, type BlockLayout, type LaneFn } from '@lotion/core'
import { blockMembers, weightsOf } from '@lotion/core/internal'
import {
  amount,
  evaluateTex,
  expectSame,
  formulaLayouts,
  formulaOf,
  program,
  specialNumbers,
  weights,
} from '@lotion/test-kit'
import { laneFunctions } from './lane-functions.js'

const symbols = { y0: 'u', y1: 'v', y2: 'x', y3: 'y', y4: 'z' }
type Output = keyof typeof symbols

/** One value a weight, of outputs per weight, per block or per call. */
function perWeight(fn: LaneFn, results: Readonly<Record<string, Float64Array>>, layout: BlockLayout) {
  const blocks = new Uint32Array(weightsOf(layout))
  blockMembers(layout).forEach((indices, block) => indices.forEach((i) => (blocks[i] = block)))
  const { outputs } = trace(fn)
  return Object.fromEntries(
    Object.entries(results).map(([name, values]) => {
      const place = { element: (i: number) => i, block: (i: number) => blocks[i]! }
      const { rate } = outputs[name]!
      const at = rate === 'element' || rate === 'block' ? place[rate] : () => 0
      return [symbols[name as Output], Float64Array.from(blocks, (_, i) => values[at(i)]!)]
    }),
  )
}

/** Compare what a formula's TeX says with what the formula is. */
function compare(fn: LaneFn, round: number): void {
  const [, layout] = formulaLayouts[round % formulaLayouts.length]!
  const size = weightsOf(layout)
  const [a, b] = [weights(size, 'a', round), weights(size, 'b', round)]
  const s = specialNumbers[round % specialNumbers.length]!
  const [results] = evaluate([{ fn, inputs: { a, b, s }, layout }])
  const tex = texOf(fn, { symbols })
  expectSame(
    evaluateTex(tex, { a, b, s: new Float64Array(size).fill(s) }, layout),
    perWeight(fn, results!, layout),
  )
  // What is read right by rules must be good TeX too: no exponent has an exponent.
  render(tex)
}

const render = (tex: string): string =>
  katex.renderToString(`\\begin{aligned}\n${tex}\n\\end{aligned}`, {
    displayMode: true,
    strict: 'error',
    output: 'mathml',
  })

describe('formulas in TeX', () => {
  it('say what runs, to the last bit, whatever the formula', () => {
    let round = 0
    fc.assert(
      fc.property(program, (drawn) => compare(formulaOf(drawn, 'drawn'), round++)),
      { numRuns: amount(300, 3000), seed: 7 },
    )
  })

  it.each(laneFunctions.map(({ name, fn }) => [name, fn] as const))(
    'are TeX that KaTeX takes: %s',
    (_, fn) => {
      expect(render(texOf(fn))).toContain('<math')
    },
  )
})

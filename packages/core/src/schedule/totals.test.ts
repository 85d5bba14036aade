import { describe, expect, it } from 'vitest'
import { evaluate } from '../evaluate.js'
import { defineLanes, trace, type Lane } from '../lanes/lane.js'
import { totalStages, totalsOf } from './totals.js'

const formula = (body: (a: Lane) => Lane) =>
  defineLanes({ name: 'f', inputs: ['a'], outputs: ['y'], body: ({ a }) => ({ y: body(a) }) })

const mean = formula((a) => a.total('sum').div(a.sub(a).add(1).total('count')))
const spread = formula((a) => {
  const d = a.sub(a.total('sum').div(4))
  return d.mul(d).total('squares')
})
/** Contributes to `squares` without waiting for `sum`. */
const plain = formula((a) => a.mul(a).total('squares').add(a))

describe('totalStages', () => {
  it('puts a total after those it is computed from', () => {
    expect(totalStages([trace(mean)])).toEqual([['sum', 'count']])
    expect(totalStages([trace(spread)])).toEqual([['sum'], ['squares']])
    expect(totalStages([])).toEqual([])
    expect(totalsOf(trace(spread)).map(({ name }) => name)).toEqual(['sum', 'squares'])
  })

  it('waits for the latest part of a name among all formulas', () => {
    expect(totalStages([trace(plain)])).toEqual([['squares']])
    expect(totalStages([trace(plain), trace(spread)])).toEqual([['sum'], ['squares']])
    // Σ over both calls: 1 + 4 of the plain one, (1 − 1)² + (3 − 1)² of the other, whose mean is (1 + 3) / 4.
    const outputs = evaluate([
      { fn: plain, inputs: { a: [1, 2] } },
      { fn: spread, inputs: { a: [1, 3] } },
    ])
    expect(outputs).toEqual([{ y: Float64Array.of(10, 11) }, { y: Float64Array.of(9) }])
  })

  it('adds up parts of one name within a formula', () => {
    const twice = formula((a) => a.total('n').add(a.mul(10).total('n')))
    expect(evaluate([{ fn: twice, inputs: { a: [1, 2] } }])).toEqual([{ y: Float64Array.of(66) }])
  })

  it('refuses a total that depends on itself', () => {
    const nested = formula((a) => a.mul(a.total('n')).total('n'))
    expect(() => totalStages([trace(nested)])).toThrow(
      "total 'n': depends on itself (n → n); give its parts different names",
    )
    const [ab, ba] = [
      formula((a) => a.mul(a.total('a')).total('b')),
      formula((a) => a.mul(a.total('b')).total('a')),
    ]
    expect(() => totalStages([trace(ab), trace(ba)])).toThrow(/depends on itself \(a → b → a\)/)
  })
})

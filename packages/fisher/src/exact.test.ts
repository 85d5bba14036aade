import { describe, expect, it } from 'vitest'
import { defineLanes, evaluate } from '@lotion/core'
import { defineFisher } from './define-fisher.js'
import { exact } from './exact.js'

describe('exact', () => {
  it('reads the curvature that the step delivers', () => {
    const fisher = exact()
    expect(fisher).toMatchObject({ needs: [{ name: 'curvature' }], slots: [] })
    const fn = defineLanes({
      name: 'f',
      inputs: ['curvature'],
      outputs: ['fisher'],
      body: (x) => ({ fisher: fisher.diagonal(x) }),
    })
    expect(evaluate([{ fn, inputs: { curvature: [2, 3] } }])[0]).toEqual({ fisher: Float64Array.of(2, 3) })
  })

  it('starts a slot from given values and leaves it alone', () => {
    const diagonal = { w: Float32Array.of(2, 0) }
    const fisher = exact(diagonal)
    expect(fisher).toMatchObject({ needs: [], slots: ['diagonal'], initial: { diagonal } })
    const fn = defineLanes({
      name: 'f',
      inputs: ['diagonal'],
      outputs: ['fisher', 'slots'],
      body: (x) => ({
        fisher: fisher.diagonal({ ...x, ...fisher.observe(x) }),
        slots: x.diagonal.mul(Object.keys(fisher.observe(x)).length),
      }),
    })
    const out = evaluate([{ fn, inputs: { diagonal: diagonal.w } }])[0]
    expect(out).toEqual({ fisher: Float64Array.of(2, 0), slots: Float64Array.of(0, 0) })
  })

  it.each([-1, NaN, Infinity])('refuses the curvature %d', (value) => {
    const diagonal = { v: Float32Array.of(1), w: Float32Array.of(1, value) }
    expect(() => exact(diagonal)).toThrow(
      `diagonal: 'w'[1]: expected a finite number of at least 0, found ${value}`,
    )
  })
})

it('defineFisher leaves out what is not given, and freezes', () => {
  const fisher = defineFisher({ name: 'unit', diagonal: ({ w }) => w.mul(0).add(1) })
  expect(fisher).toMatchObject({ needs: [], slots: [], borrows: {} })
  expect([fisher.scalars({ step: 0, steps: 1, terms: 1 }), fisher.observe({})]).toEqual([{}, {}])
  expect(Object.isFrozen(fisher)).toBe(true)
})

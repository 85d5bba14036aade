import { expect, it } from 'vitest'
import { defineLanes, evaluate } from '@lotion/core'
import { adamSecondMoment } from './adam-second-moment.js'

const fisher = adamSecondMoment()
const fn = defineLanes({
  name: 'f',
  inputs: ['v'],
  scalars: ['seen', 'terms'],
  outputs: ['fisher'],
  body: (x) => ({ fisher: fisher.diagonal(x) }),
})

it('borrows the buffer of adamw, or of the part it is told', () => {
  expect(fisher).toMatchObject({ needs: [], slots: [], borrows: { v: 'adamw.v', seen: 'adamw.seen' } })
  expect(adamSecondMoment({ of: 'adamw#2' }).borrows).toEqual({ v: 'adamw#2.v', seen: 'adamw#2.seen' })
})

it('is terms · v / (1 − β2^t): the mean of squares so far, times the terms of a batch', () => {
  const beta2 = 0.5
  // v after g = 2, then g = 4: v = β(1 − β)·4 + (1 − β)·16 = 9; weighted mean (β·4 + 16) / (β + 1) = 12.
  const scalars = fisher.scalars({ step: 2, steps: 9, terms: 3 })
  expect(evaluate([{ fn, inputs: { v: [9], seen: 1 - beta2 ** 2, ...scalars } }])[0]).toEqual({
    fisher: Float64Array.of(36),
  })
})

it('is 0 before Adam has seen anything', () => {
  for (const arithmetic of ['f64', 'f32'] as const) {
    expect(evaluate([{ fn, inputs: { v: [0, 1], seen: 0, terms: 3 } }], arithmetic)[0]).toEqual({
      fisher: Float64Array.of(0, 0),
    })
  }
})

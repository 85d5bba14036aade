import { describe, expect, it } from 'vitest'
import { byName, everything, quantizedAxes } from './quantize-rule.js'

const shapes = {
  'model.embed_tokens.weight': [100, 8],
  'layers.0.attention.q.weight': [8, 8],
  'layers.0.norm.weight': [8],
  'layers.0.mlp.up.bias': [8, 1],
  'lm_head.weight': [100, 8],
}

describe('byName', () => {
  it('quantizes matrices that are not embeddings, norms, head or biases', () => {
    expect([...quantizedAxes(byName(), shapes)]).toEqual([['layers.0.attention.q.weight', -1]])
  })

  it('follows its expressions, also global ones, which remember a position', () => {
    const rule = byName({ include: /weight/g, exclude: /norm/g, axis: 0 })
    for (let time = 0; time < 3; time++) {
      expect([...quantizedAxes(rule, shapes).keys()]).toEqual([
        'model.embed_tokens.weight',
        'layers.0.attention.q.weight',
        'lm_head.weight',
      ])
    }
    expect(quantizedAxes(rule, shapes).get('lm_head.weight')).toBe(0)
  })
})

describe('quantizedAxes', () => {
  it('takes vectors and scalars where the rule does', () => {
    expect([...quantizedAxes(everything, { v: [3], s: [] })]).toEqual([
      ['v', -1],
      ['s', -1],
    ])
  })

  it('takes runs of axes', () => {
    const rule = byName({ axis: [0, 2] })
    expect(quantizedAxes(rule, { 'conv.kernel': [3, 3, 4, 8] }).get('conv.kernel')).toEqual([0, 2])
    expect(() => quantizedAxes(rule, { 'dense.kernel': [4, 8] })).toThrow(
      "quantize: 'dense.kernel': axis: expected first and last axis from -2 to 1 for shape [4, 8], found 0..2",
    )
  })

  it('refuses a rule that matches nothing, listing the names there are', () => {
    expect(() => quantizedAxes(byName({ include: /decoder/ }), shapes)).toThrow(
      /the rule matches no parameter; there are: model\.embed_tokens\.weight, .*lm_head\.weight\. By default stay in full precision/,
    )
  })

  it('refuses an axis that a parameter does not have, naming it', () => {
    const rule = (axis: number) => () => quantizedAxes(byName({ axis }), { 'layers.0.weight': [4, 6] })
    expect(rule(2)).toThrow(
      "quantize: 'layers.0.weight': axis: expected a whole number from -2 to 1 for shape [4, 6], found 2",
    )
    expect(rule(0.5)).toThrow('found 0.5')
  })
})

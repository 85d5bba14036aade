import type { ParameterInfo } from '@lotion/core'
import { int4 } from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { withMethod } from './method.js'
import { qat } from './qat.js'
import { byName, everything, quantizedAxes, type QuantizeRule } from './quantize-rule.js'
import { sgd } from './sgd.js'
import { quantized, resolved } from './transformation.js'

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

it('byName refuses what it cannot follow', () => {
  expect(() => byName({ only: /up/ } as never)).toThrow(
    "byName: unknown option 'only'; options: include, exclude, axis",
  )
  expect(() => byName({ exclud: /up/ } as never)).toThrow("unknown option 'exclud', did you mean 'exclude'?")
  expect(() => byName({ include: 'up' as never })).toThrow(
    "include: expected a regular expression, such as /attention/, found the text 'up'",
  )
})

describe('what a rule returns', () => {
  const format = int4
  // As `fit`, an updater and a list of axes ask it.
  const asked: readonly ((rule: QuantizeRule) => unknown)[] = [
    (rule) => quantizedAxes(rule, { matrix: [4, 6] }),
    (rule) =>
      withMethod(qat({ format }), sgd({ learningRate: 1 }), rule).quantizes!({
        name: 'matrix',
        shape: [4, 6],
      }),
    (rule) => resolved(quantized(rule, sgd({ learningRate: 1 })), { name: 'matrix', shape: [4, 6] }),
  ]

  it.each([
    [true, 'expected { axis } or null from the rule, found true; return { axis: -1 } to quantize it'],
    ['int4', "expected { axis } or null from the rule, found the text 'int4'; return"],
    [{}, 'axis: expected a number or [first, last] from the rule, found undefined; return { axis: -1 }'],
    [{ axis: '0' }, "axis: expected a number or [first, last] from the rule, found the text '0'"],
    [{ axis: [0, 1, 2] }, 'axis: expected a number or [first, last] from the rule, found [0, 1, 2]'],
    [{ axis: -1, blok: 3 }, "unknown option 'blok'; options: axis"],
  ])('is refused by the name of the parameter: %j', (answer, message) => {
    for (const ask of asked) {
      expect(() => ask(() => answer as never)).toThrow("quantize: 'matrix': ")
      expect(() => ask(() => answer as never)).toThrow(message)
    }
  })

  it('may be nothing, which leaves the parameter in full precision', () => {
    for (const nothing of [null, undefined, false]) {
      const rule = ({ name }: ParameterInfo) => (name === 'a' ? { axis: 0 } : (nothing as null))
      expect([...quantizedAxes(rule, { a: [2, 2], b: [2, 2] })]).toEqual([['a', 0]])
    }
  })

  it('is asked of a rule', () => {
    for (const ask of asked)
      expect(() => ask(/matrix/ as never)).toThrow(
        'quantize: expected a rule, such as byName(), found an object',
      )
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

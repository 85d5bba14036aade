import {
  blockOf,
  defineLanes,
  evaluate,
  perRow,
  scalarNames,
  type ParameterInfo,
  type Transformation,
} from '@lotion/core'
import { adamSecondMoment } from '@lotion/fisher'
import { int4 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { adamw } from './adamw.js'
import { clipByGlobalNorm } from './clip-by-global-norm.js'
import { sgd } from './sgd.js'
import { smoothing } from './smoothing.js'
import { defineTransformation } from './define-transformation.js'
import { chain, masked, resolved } from './transformation.js'

/**
 * A transformation that can be told apart: update ← factor · update + slot, or what it borrows; slot ←
 * update.
 */
const marked = (name: string, factor: number, extra = `${name}.last`): Transformation =>
  defineTransformation({
    name,
    slots: ['last'],
    borrows: { extra },
    scalars: () => ({ factor }),
    update: ({ update, factor: by, extra: added }) => ({ update: update.mul(by).add(added), last: update }),
  })

/** Run one weight's update and slots in f64. */
function run(part: Transformation, inputs: Record<string, number>): Record<string, number> {
  const fn = defineLanes({
    name: 'run',
    inputs: ['w', 'update', ...part.slots],
    scalars: scalarNames(part),
    outputs: ['update', ...part.slots],
    body: (x) => ({ ...x, ...part.update(x) }),
  })
  const scalars = part.scalars({ step: 0, steps: 1, terms: 1 })
  const given = Object.fromEntries([...fn.inputs].map((name) => [name, [inputs[name] ?? 0]]))
  return Object.fromEntries(
    Object.entries(evaluate([{ fn, inputs: { ...given, ...scalars } }])[0]!).map(([name, [value]]) => [
      name,
      value!,
    ]),
  )
}

const matrix: ParameterInfo = { name: 'matrix', shape: [4, 4] }
const vector: ParameterInfo = { name: 'vector', shape: [4] }

describe('chain', () => {
  it('applies its parts in order and names slots and scalars by part', () => {
    const part = chain(marked('a', 2), marked('b', 3))
    expect(part.slots).toEqual(['a.last', 'b.last'])
    expect(part.scalars({ step: 0, steps: 1, terms: 1 })).toEqual({ 'a.factor': 2, 'b.factor': 3 })
    // a: 2 · 1 + 10 = 12, keeps 1; b: 3 · 12 + 100 = 136, keeps 12.
    expect(run(part, { update: 1, 'a.last': 10, 'b.last': 100 })).toEqual({
      update: 136,
      'a.last': 1,
      'b.last': 12,
    })
  })

  it('is associative: a nested chain is the flat one', () => {
    const [a, b, c] = [marked('a', 2), marked('b', 3), marked('c', 5)]
    const inputs = { update: 1, 'a.last': 10, 'b.last': 100, 'c.last': 1000 }
    for (const nested of [chain(chain(a, b), c), chain(a, chain(b, c)), chain(chain(chain(a), b, c))]) {
      expect(nested.slots).toEqual(chain(a, b, c).slots)
      expect(run(nested, inputs)).toEqual(run(chain(a, b, c), inputs))
    }
  })

  it('numbers parts of one name, also those of nested chains', () => {
    const clip = clipByGlobalNorm(1)
    const names = (part: Transformation): readonly string[] => part.parts!.map(({ name }) => name)
    expect(names(chain(clip, clip, clip))).toEqual(['clip', 'clip#2', 'clip#3'])
    expect(names(chain(clip, chain(clip, clip)))).toEqual(['clip', 'clip#2', 'clip#3'])
    expect(names(chain(chain(clip, clip), chain(clip, clip)))).toEqual(['clip', 'clip#2', 'clip#3', 'clip#4'])
    expect(chain(chain(marked('a', 1)), marked('a', 1)).slots).toEqual(['a.last', 'a#2.last'])
  })

  it('lends values from before the step, wherever the lender stands', () => {
    const borrower = marked('borrower', 1, 'lender.last')
    const lender = marked('lender', 1)
    // The lender's slot is 7 before the step and 1 or more after it.
    expect(run(chain(borrower, lender), { update: 1, 'lender.last': 7 }).update).toBe(1 + 7 + 7)
    expect(run(chain(lender, borrower), { update: 1, 'lender.last': 7 }).update).toBe(1 + 7 + 7)
  })

  it('keeps what parts of a nested chain borrow from each other when they are renamed', () => {
    const inner = chain(
      marked('a', 1),
      masked(() => true, marked('b', 1, 'a.last')),
    )
    const part = resolved(chain(marked('a', 1), inner), matrix)!
    expect(part.slots).toEqual(['a.last', 'a#2.last', 'b.last'])
    // a: 1 + 10 = 11; a#2: 11 + 100 = 111; b adds a#2's 100, not a's 10.
    expect(run(part, { update: 1, 'a.last': 10, 'a#2.last': 100 }).update).toBe(211)
  })

  it('says what is missing when nothing lends what a part borrows', () => {
    const penalty = smoothing({
      format: int4,
      noise: randomizedRounding,
      fisher: adamSecondMoment(),
      lambda: 1,
    })
    expect(() => run(chain(penalty, sgd({ learningRate: 1 })), {})).toThrow(
      "smoothing: needs 'adamw.v', which no part of the chain has; present: ",
    )
    expect(run(chain(penalty, adamw({ learningRate: 1 })), { w: 1, update: 5 }).update).toBeCloseTo(-1, 7)
  })

  it('refuses two kinds of blocks for one parameter, and only there', () => {
    const blocks = (name: string, block: Transformation['block']): Transformation => ({
      ...marked(name, 1),
      ...(block ? { block } : {}),
    })
    expect(chain(blocks('a', blockOf(8)), blocks('b', { size: 8, kind: 'size' })).block).toEqual(blockOf(8))
    expect(() => chain(blocks('a', blockOf(8)), blocks('b', perRow))).toThrow(
      "chain: the blocks of 'a' run over 8, those of 'b' over row; one pass has one kind of blocks: give both the same format",
    )
    const split = chain(
      masked(({ name }) => name === 'matrix', blocks('a', blockOf(8))),
      masked(({ name }) => name === 'vector', blocks('b', perRow)),
    )
    expect(resolved(split, matrix)!.block).toEqual(blockOf(8))
    expect(resolved(split, vector)!.block).toEqual(perRow)
    const both = chain(
      masked(() => true, blocks('a', blockOf(8))),
      masked(() => true, blocks('b', perRow)),
    )
    expect(() => resolved(both, matrix)).toThrow("chain: the blocks of 'a' run over 8")
  })

  it('refuses an update that returns no update, or a slot it did not declare', () => {
    // @ts-expect-error no update
    const silent = defineTransformation({ name: 'silent', update: () => ({}) })
    expect(() => run(chain(silent), {})).toThrow(
      "silent: expected its update to return 'update', found nothing",
    )
    const stray = defineTransformation({
      name: 'stray',
      // @ts-expect-error no slot `v`
      update: ({ update }) => ({ update, v: update }),
    })
    expect(() => run(chain(stray), {})).toThrow(
      "stray: its update returns 'v', expected 'update' and its slots (none)",
    )
  })
})

describe('masked', () => {
  const onMatrices = ({ shape }: ParameterInfo): boolean => shape.length >= 2

  it('leaves the part out where it does not apply, with its slots', () => {
    const part = chain(masked(onMatrices, marked('a', 2)), marked('b', 3))
    expect(resolved(part, matrix)!.slots).toEqual(['a.last', 'b.last'])
    expect(resolved(part, vector)!.slots).toEqual(['b.last'])
    expect(run(resolved(part, matrix)!, { update: 1 }).update).toBe(6)
    expect(run(resolved(part, vector)!, { update: 1 }).update).toBe(3)
  })

  it('masks every part of a chain', () => {
    const part = chain(masked(onMatrices, chain(marked('a', 2), marked('b', 3))), marked('c', 5))
    expect(resolved(part, vector)!.slots).toEqual(['c.last'])
    expect(run(resolved(part, vector)!, { update: 1 }).update).toBe(5)
    expect(run(resolved(part, matrix)!, { update: 1 }).update).toBe(30)
  })

  it('gives groups of parameters an optimizer each', () => {
    const part = chain(
      masked(onMatrices, sgd({ learningRate: 1 })),
      masked((parameter) => !onMatrices(parameter), sgd({ learningRate: 10 })),
    )
    expect(run(resolved(part, matrix)!, { update: 1 }).update).toBe(-1)
    expect(run(resolved(part, vector)!, { update: 1 }).update).toBe(-10)
  })

  it('joins with masks and variants within', () => {
    const decaying = masked(
      ({ name }) => name !== 'other',
      masked(onMatrices, adamw({ learningRate: 1, weightDecay: 0.5 })),
    )
    // Without a gradient AdamW only decays: −lr · decay · w, on matrices.
    expect(run(resolved(chain(decaying), matrix)!, { w: 8 }).update).toBe(-4)
    expect(resolved(chain(decaying), vector)).toBeNull()
    expect(resolved(chain(decaying), { name: 'other', shape: [4, 4] })).toBeNull()
  })
})

describe('defineTransformation', () => {
  it('refuses names that clash within a formula', () => {
    expect(() =>
      defineTransformation({ name: 'x', slots: ['w'], update: ({ update, w }) => ({ update, w }) }),
    ).toThrow(
      "x: expected a name of its own for every signal, slot, borrowed value and scalar, found 'w' twice",
    )
    const twice = defineTransformation({
      name: 'x',
      scalars: () => ({ w: 1 }),
      update: ({ update }) => ({ update }),
    })
    // Names of scalars are known when the formula is traced.
    expect(() => run(chain(twice), {})).toThrow("found 'w' twice")
  })
})

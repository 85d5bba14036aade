// Names of a plug-in are held by the compiler: each expected error is one that `npm run check -- types`
// really finds, since it refuses an expectation in vain. From JavaScript the same mistakes are named when the
// updater is made.

import { castNearest, type Lane, type Signal, type Transformation, type UpdateLanes } from '@lotion/core'
import { defineFisher } from '@lotion/fisher'
import { describe, expect, it } from 'vitest'
import { executor, format, shapes } from '../test/bowl.js'
import { lotion } from './lotion.js'
import { defineMethod, withMethod } from './method.js'
import { byName } from './quantize-rule.js'
import { sgd } from './sgd.js'
import { defineTransformation } from './define-transformation.js'
import { chain } from './transformation.js'
import { createUpdater } from './updater.js'

const compiled = (transformation: Transformation) => () => createUpdater({ transformation, shapes, executor })
const smoothed = (fisher: Parameters<typeof lotion>[0]['fisher'] & {}): Transformation =>
  withMethod(lotion({ format, fisher }), sgd({ learningRate: 1 }), byName())

describe('a transformation', () => {
  it('reads what it declares, typed: signals, slots, borrowed values, scalars, the weight', () => {
    const every = defineTransformation({
      name: 'mine',
      needs: ['gradient', { name: 'probe', every: 10 }],
      slots: ['mean', 'start'],
      initial: { start: { matrix: new Float32Array(18), bias: new Float32Array(4) } },
      borrows: { speed: 'sgd.velocity' },
      stepSize: 'rate',
      scalars: ({ step }) => ({ rate: 1 / (step + 1) }),
      update: ({ update, w, gradient, probe, mean, start, speed, rate }) => ({
        update: update.add(w).add(gradient).add(start).add(speed).mul(rate),
        mean: probe ? mean.add(probe) : mean,
      }),
    })
    const lender = sgd({ learningRate: 1, momentum: 0.5 })
    expect(compiled(chain(every, lender))().slots['bias']).toEqual([
      'mine.mean',
      'mine.start',
      'sgd.velocity',
    ])
  })

  it('that reads a slot that is not there', () => {
    const mine = defineTransformation({
      name: 'mine',
      slots: ['mean'],
      scalars: () => ({ rate: 0.1 }),
      // @ts-expect-error no slot `men`
      update: ({ update, men, rate }) => ({ update: men.mul(rate), mean: update }),
    })
    expect(compiled(mine)).toThrow(
      "mine: reads 'men', has: w, update, mean, rate; correct the name, or declare it by needs, slots, borrows or scalars",
    )
  })

  it('that reads a scalar that is not there, or a signal it does not need', () => {
    const scalar = defineTransformation({
      name: 'mine',
      scalars: () => ({ rte: 0.1 }),
      // @ts-expect-error no scalar `rate`
      update: ({ update, rate }) => ({ update: update.mul(rate) }),
    })
    expect(compiled(scalar)).toThrow("mine: reads 'rate', has: w, update, rte;")
    const signal = defineTransformation({
      name: 'mine',
      // @ts-expect-error `gradient` is not declared in needs
      update: ({ update, gradient }) => ({ update: update.add(gradient) }),
    })
    expect(compiled(signal)).toThrow("mine: reads 'gradient', has: w, update;")
  })

  it('that forgets a slot, or to return an update at all', () => {
    const forgot = defineTransformation({
      name: 'mine',
      slots: ['mean'],
      // @ts-expect-error `mean` is not returned
      update: ({ update, mean }) => ({ update: mean.add(update) }),
    })
    expect(compiled(forgot)).toThrow("mine: expected the new value of its slot 'mean', found nothing")
    // @ts-expect-error nothing is returned
    const nothing = defineTransformation({ name: 'mine', update: () => {} })
    expect(compiled(nothing)).toThrow("mine: expected its update to return 'update', found nothing")
  })

  it('that returns a slot which it does not declare', () => {
    const stray = defineTransformation({
      name: 'mine',
      slots: ['mean'],
      // @ts-expect-error no slot `men`
      update: ({ update, mean }) => ({ update, mean, men: mean }),
    })
    expect(compiled(stray)).toThrow("mine: its update returns 'men', expected 'update' and its slots (mean)")
  })

  it('whose signals or slots stand in variables that the compiler has forgotten the names of', () => {
    const probe: Signal = { name: 'probe' }
    const slots: readonly string[] = ['mean']
    const update = ({ update: it }: UpdateLanes) => ({ update: it })
    // @ts-expect-error any name would do
    defineTransformation({ name: 'mine', needs: [probe], update })
    // @ts-expect-error any name would do
    defineFisher({ name: 'mine', slots, observe: (x) => x, diagonal: ({ w }) => w })
    const known = { name: 'probe', every: 10 } as const satisfies Signal
    const mine = defineTransformation({
      name: 'mine',
      needs: [known],
      // @ts-expect-error no signal `prob`
      update: (x) => ({ update: x.prob ? x.update : x.update.add(x.probe ?? 0) }),
    })
    expect(compiled(mine)).toThrow("mine: reads 'prob', has: w, update, probe;")
  })

  it('that names a step size which is no scalar', () => {
    const mine = defineTransformation({
      name: 'mine',
      stepSize: 'rate',
      // @ts-expect-error no scalar `rate`
      scalars: () => ({ rte: 0.1 }),
      update: ({ update }) => ({ update }),
    })
    expect(compiled(mine)).toThrow(
      "mine: expected its stepSize to name one of its scalars, rte, found 'rate'",
    )
  })

  it('whose signal comes now and then reads it as one that may be missing', () => {
    const mine = defineTransformation({
      name: 'mine',
      needs: [{ name: 'probe', every: 10 }],
      // @ts-expect-error it is undefined nine times of ten
      update: ({ update, probe }) => ({ update: update.add(probe) }),
    })
    expect(compiled(mine)).toThrow(
      "mine: its formula fails without the signal 'probe', which arrives every 10 steps and is undefined between them: write what happens then, such as probe ? … : …",
    )
  })
})

describe('a Fisher', () => {
  it('that reads what it does not declare', () => {
    const needless = defineFisher({
      name: 'mine',
      slots: ['s'],
      // @ts-expect-error `gradient` is not declared in needs
      observe: ({ s, gradient }) => ({ s: s.add(gradient) }),
      diagonal: ({ s }) => s,
    })
    expect(compiled(smoothed(needless))).toThrow("fisher 'mine': reads 'gradient', has: w, s;")
    const misspelt = defineFisher({
      name: 'mine',
      needs: ['gradient'],
      // @ts-expect-error no name `gradent`
      diagonal: ({ gradent }) => gradent,
    })
    expect(compiled(smoothed(misspelt))).toThrow("fisher 'mine': reads 'gradent', has: w, gradient;")
  })

  it('whose signal comes now and then reads it as one that may be missing', () => {
    const sparse = defineFisher({
      name: 'mine',
      needs: [{ name: 'probe', every: 3 }],
      slots: ['kept'],
      // @ts-expect-error it is undefined two times of three
      observe: ({ probe }) => ({ kept: probe.mul(2) }),
      diagonal: ({ kept }) => kept,
    })
    expect(compiled(smoothed(sparse))).toThrow(
      "fisher 'mine': its formula fails without the signal 'probe', which arrives every 3 steps",
    )
  })

  it('that returns a slot which it does not declare', () => {
    const stray = defineFisher({
      name: 'mine',
      needs: ['gradient'],
      slots: ['mean'],
      // @ts-expect-error no slot `men`
      observe: ({ gradient }) => ({ mean: gradient, men: gradient }),
      diagonal: ({ mean }) => mean,
    })
    expect(compiled(smoothed(stray))).toThrow(
      "fisher 'mine': observe returns 'men', expected its slots (mean)",
    )
  })

  it('that forgets a slot, misspells one, or observes nothing', () => {
    const misspelt = defineFisher({
      name: 'mine',
      slots: ['squares'],
      // @ts-expect-error `squares` is not returned
      observe: ({ squares }) => ({ square: squares }),
      diagonal: ({ squares }) => squares,
    })
    expect(compiled(smoothed(misspelt))).toThrow(
      "fisher 'mine': observe returns 'square', expected its slots (squares)",
    )
    // @ts-expect-error nothing writes `squares`
    const idle = defineFisher({ name: 'mine', slots: ['squares'], diagonal: ({ squares }) => squares })
    expect(compiled(smoothed(idle))).toThrow("fisher 'mine': expected the new value of its slot 'squares'")
    const given = { squares: { matrix: new Float32Array(18).fill(1) } }
    const started = defineFisher({
      name: 'mine',
      slots: ['squares'],
      initial: given,
      diagonal: ({ squares }) => squares,
    })
    expect(compiled(smoothed(started))().slots['matrix']).toContain('smoothing.squares')
  })
})

it('a method whose point is made of more than the weight is refused', () => {
  const point = { name: 'p', inputs: ['w', 'mean'], scalars: [], outputs: ['w'], body: () => ({}) } as const
  // @ts-expect-error only w and u are known there
  expect(() => defineMethod({ name: 'mine', format, point })).toThrow(
    'mine: point: expected a formula from w (and uniforms u) to w, found one from w, mean to w',
  )
})

describe('from JavaScript', () => {
  it('refuses a start or a sign of what is no slot', () => {
    const wrong = {
      name: 'mine',
      slots: ['sum'],
      update: (x: UpdateLanes & { readonly sum: Lane }) => ({ update: x.sum, sum: x.update }),
    }
    const define: (definition: object) => unknown = defineTransformation as never
    expect(() => define({ ...wrong, initial: { summ: { w: Float32Array.of(1) } } })).toThrow(
      "mine: initial: expected some of its slots, sum, found 'summ'",
    )
    expect(() => define({ ...wrong, nonNegative: ['vv'] })).toThrow(
      "mine: nonNegative: expected some of its slots, sum, found 'vv'",
    )
  })

  it('refuses a misspelt part of a method', () => {
    const define: (definition: object) => unknown = defineMethod as never
    expect(() => define({ name: 'mine', format, pont: castNearest(format) })).toThrow(
      "mine: unknown option 'pont', did you mean 'point'?",
    )
  })
})

// The laws of transformations and Fishers are checked: for each a plug-in that breaks it, with a message that
// names the law and where.
import type { FisherEstimator, Lane, Transformation } from '@lotion/core'
import { defineFisher, empirical } from '@lotion/fisher'
import { adamw, chain, clipByGlobalNorm, defineTransformation, sgd } from '@lotion/optim'
import { describe, expect, it } from 'vitest'
import { eachLawIsBroken, type Wrong } from '../test/broken-laws.js'
import { verify, type Plugins } from './verify.js'

const failed = async <K extends 'fisher' | 'transformation'>(
  kind: K,
  plugin: Plugins[K],
): Promise<readonly string[]> =>
  (await verify(kind, plugin)).flatMap(({ outcome, check, message }) =>
    outcome === 'failed' ? [`${check}: ${message}`] : [],
  )

const plain = sgd({ learningRate: 1 })

/** Momentum that is never written back, written without types. */
const forgetful: Transformation = {
  ...plain,
  slots: ['velocity'],
  update: ({ update, velocity }) => ({ update: update!.add(velocity!.mul(0.9)) }),
}

/** A scalar that counts the steps it was asked for, however often each. */
function counting(): Transformation {
  let [last, count] = [-1, 0]
  return defineTransformation({
    name: 'counting',
    scalars: ({ step }) => {
      if (step !== last) [last, count] = [step, count + 1]
      return { rate: 1 / count }
    },
    update: ({ update, rate }) => ({ update: update.mul(rate) }),
  })
}

/** As `clipByGlobalNorm`, but that all clips of a chain share one sum. */
const sharing = defineTransformation({
  name: 'clip',
  update: ({ update }) => ({ update: update.div(update.mul(update).total('norm').sqrt().max(1)) }),
})

const optimizer = (along: (g: Lane, rate: Lane) => Lane): Transformation =>
  defineTransformation({
    name: 'mine',
    stepSize: 'rate',
    scalars: () => ({ rate: 0.1 }),
    update: ({ update, rate }) => ({ update: along(update, rate) }),
  })

let memory = 0
const transformations: Wrong<'transformation'> = {
  'declared slots': { ...plain, update: ({ update }) => ({ update: update!, velocity: update! }) },
  finite: { ...plain, update: ({ update }) => ({ update: update!.div(update!.abs()) }) },
  'same formula': { ...plain, update: ({ update }) => ({ update: update!.mul((memory += 1)) }) },
  'what is left of it': { ...plain, resolve: () => adamw({ learningRate: 1 }) },
  resumes: counting(),
  chains: sharing,
  descends: optimizer((g, rate) => g.mul(rate)),
}

const gradientSquares = (factor: (squares: Lane, terms: Lane) => Lane): FisherEstimator =>
  defineFisher({
    name: 'mine',
    needs: ['gradient'],
    scalars: ({ terms }) => ({ terms }),
    diagonal: ({ gradient, terms }) => factor(gradient.mul(gradient), terms),
  })

const fishers: Wrong<'fisher'> = {
  'declared slots': {
    ...empirical(),
    slots: [],
    observe: () => ({ stray: undefined as never }),
    diagonal: ({ gradient }) => gradient!.mul(gradient!),
  },
  finite: { ...empirical(), diagonal: ({ squares }) => squares!.div(squares!) },
  'not negative': { ...empirical(), diagonal: ({ squares }) => squares!.sub(1) },
  'not 0 from the start': { ...empirical(), diagonal: ({ squares }) => squares!.mul(0) },
  units: { ...empirical(), diagonal: ({ squares }) => squares!.sqrt() },
  'loss terms': gradientSquares((squares) => squares),
}

eachLawIsBroken('transformation', transformations)
eachLawIsBroken('fisher', fishers)

const remembering = (present: Exclude<FisherEstimator['present'], undefined>): FisherEstimator => ({
  ...gradientSquares((squares, terms) => squares.mul(terms)),
  present,
})

it.each<[string, FisherEstimator['present'], string]>([
  ['is negative', ({ gradient, terms }) => gradient!.mul(gradient!).mul(terms!).mul(-1), 'not negative'],
  ['has no units of F', ({ gradient, terms }) => gradient!.abs().mul(terms!.sqrt()), 'units'],
  ['is no loss term', ({ gradient }) => gradient!.mul(gradient!), 'loss terms'],
  ['is not finite', ({ gradient }) => gradient!.mul(gradient!).div(0), 'finite'],
  ['reads what is not declared', ({ curvature }) => curvature!, 'runs'],
  ['returns nothing', () => undefined as never, 'runs'],
])('a Fisher whose `present` %s fails', async (_, present, law) => {
  const found = (await failed('fisher', remembering(present!))).map((text) => text.split(':')[0])
  expect(found).toContain(law)
})

it('a transformation whose penalty reads what is not declared fails', async () => {
  const part: Transformation = { ...plain, penalty: ({ updte }) => updte! }
  expect((await failed('transformation', part))[0]).toContain("sgd: reads 'updte', has: w, update, rate")
})

it('a slot that no step writes fails by name; so does a read of a name that is not there', async () => {
  // Every law runs the formula, and so meets the error, which is told once.
  expect((await failed('transformation', forgetful))[0]).toMatch(
    /^runs: an error: sgd: expected the new value of its slot 'velocity', found nothing/,
  )
  expect((await failed('fisher', { ...empirical(), observe: () => ({}) }))[0]).toMatch(
    /^runs: an error: fisher 'empirical': expected the new value of its slot 'squares'/,
  )
  const misspelt: Transformation = { ...plain, update: ({ updte }) => ({ update: updte! }) }
  expect((await failed('transformation', misspelt))[0]).toContain("sgd: reads 'updte', has: w, update, rate")
})

describe('an optimizer', () => {
  it.each([
    ['that goes uphill', optimizer((g, rate) => g.mul(rate)), 'a parabola, in f64'],
    [
      'that stays where it is',
      optimizer((g, rate) => g.mul(0).mul(rate)),
      'a parabola, in f64: 1 of the loss is left',
    ],
    [
      'that is a hundred times as slow as its step size says',
      optimizer((g, rate) => g.mul(rate.mul(-0.001))),
      'a parabola',
    ],
    ['that goes by −step size', { ...plain, scalars: () => ({ rate: -1 }) }, 'step 0: its step size is -1'],
    [
      'that never moves',
      { ...plain, scalars: () => ({ rate: 0 }) },
      'any step: its step size is 0 throughout',
    ],
  ] as const)('%s fails', async (_, part, where) => {
    const found = await failed('transformation', part)
    expect(found).toEqual([expect.stringMatching(/^descends: /)])
    expect(found[0]).toContain(`Broken at ${where}`)
  })

  it('that stops in flat directions passes on the parabola and fails on the other bowl', async () => {
    const steepOnly = defineTransformation({
      name: 'steep only',
      stepSize: 'rate',
      slots: ['top'],
      scalars: () => ({ rate: 0.1 }),
      update: ({ update, top, rate }) => {
        const most = update.abs().tensorMax().max(top)
        return { update: update.abs().less(most.mul(0.2), 0, update.mul(rate.mul(-1))), top: most }
      },
    })
    const found = await failed('transformation', steepOnly)
    expect(found).toEqual([
      expect.stringContaining('Broken at a quadratic of condition 100, turned by 45 degrees, in f64'),
    ])
  })
})

it('chains of what ships pass, clips among them', async () => {
  const part = chain(clipByGlobalNorm(1), adamw({ learningRate: 0.01 }))
  expect((await verify('transformation', part)).map(({ check, outcome }) => [check, outcome])).toEqual([
    ['declared slots', 'passed'],
    ['finite', 'passed'],
    ['same formula', 'passed'],
    ['what is left of it', 'skipped'],
    ['resumes', 'passed'],
    ['chains', 'passed'],
    ['descends', 'skipped'],
  ])
})

it('a Fisher of squares of single examples is right without the number of terms, one of gradients with it', async () => {
  const single = defineFisher({ name: 'single', needs: ['squares'], diagonal: ({ squares }) => squares })
  expect(await failed('fisher', single)).toEqual([])
  expect(
    await failed(
      'fisher',
      gradientSquares((squares, terms) => squares.mul(terms)),
    ),
  ).toEqual([])
})

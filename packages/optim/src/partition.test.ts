import { cpuExecutor } from '@lotion/cpu'
import { adamSecondMoment } from '@lotion/fisher'
import { describe, expect, it } from 'vitest'
import { base, bitsOf, executor, format, shapes, start, train } from '../test/bowl.js'
import { distance, file, trained } from '../test/optax/expected.js'
import { continuedEverywhere } from '../test/resume.js'
import { adamw } from './adamw.js'
import { cage } from './cage.js'
import { clipByGlobalNorm } from './clip-by-global-norm.js'
import { clipByValue } from './clip-by-value.js'
import { ema } from './ema.js'
import { fit } from './fit.js'
import { lotion } from './lotion.js'
import { withMethod } from './method.js'
import { partition } from './partition.js'
import { ptq } from './ptq.js'
import { byName } from './quantize-rule.js'
import { cosine, linear } from './schedule.js'
import { sgd } from './sgd.js'
import { chain } from './transformation.js'
import { createUpdater } from './updater.js'

const slow = adamw({ learningRate: 0.001 })
const fast = adamw({ learningRate: cosine(0.1), weightDecay: 0.1 })
const plain = sgd({ learningRate: 0.1 })

describe('partition', () => {
  it('takes the steps of optax.partition', () => {
    const transformation = partition(
      [
        ['kernel', adamw({ learningRate: 0.001, weightDecay: 0.1 })],
        [/^bias/, chain(clipByValue(1), sgd({ learningRate: linear(0.05, 0), momentum: 0.9 }))],
      ],
      adamw({ learningRate: cosine(0.05), weightDecay: 0.2 }),
    )
    // As in optax-parity.test.ts: a unit of the last place a step.
    expect(distance(trained({ transformation }), file.optimizers['partition']!)).toBeLessThan(1)
  })

  it('leaves each parameter the bits of its own optimizer', async () => {
    const alone = async (optimizer: typeof slow) => train({ optimizer, before: [] })
    const both = await train({ optimizer: partition([['bias', slow]], fast), before: [] })
    expect(both).toEqual({ bias: (await alone(slow)).bias, matrix: (await alone(fast)).matrix })
  })

  it('lets the first pattern that matches count', () => {
    const optimizer = partition(
      [
        ['matrix', plain],
        [/matrix|bias/, slow],
      ],
      fast,
    )
    const { slots } = createUpdater({
      transformation: optimizer,
      shapes: { ...shapes, other: [2] },
      executor,
    })
    expect(slots).toEqual({ matrix: [], bias: ['adamw.m', 'adamw.v'], other: ['adamw.m', 'adamw.v'] })
  })

  it('has one part for all groups that have it, in an order that is that of each', () => {
    const names = (transformation: { readonly parts?: readonly { readonly name: string }[] }) =>
      transformation.parts?.map(({ name }) => name)
    const clipped = chain(clipByGlobalNorm(1), slow, ema({ decay: 0.9 }))
    expect(names(partition([['a', fast]], clipped))).toEqual(['clip', 'adamw', 'ema'])
    expect(names(partition([['a', clipped]], chain(plain, clipByGlobalNorm(1))))).toEqual([
      'sgd',
      'clip',
      'clip#2',
      'adamw',
      'ema',
    ])
    // With other slots it is another part.
    const heavy = sgd({ learningRate: 0.1, momentum: 0.9 })
    expect(names(partition([['a', plain]], heavy))).toEqual(['sgd', 'sgd#2'])
  })

  it('lets what borrows find the buffer of each group, and its step size', async () => {
    const two = partition([['matrix', slow]], fast)
    const one = await train({
      method: lotion({ format, fisher: adamSecondMoment() }),
      optimizer: two,
      before: [],
    })
    const other = await train({
      method: lotion({ format, fisher: adamSecondMoment() }),
      optimizer: slow,
      before: [],
    })
    expect(one.matrix).toEqual(other.matrix)
    const pulled = (optimizer: typeof slow) =>
      train({ method: cage({ format, silence: 0 }), optimizer, before: [] })
    expect((await pulled(two)).matrix).toEqual((await pulled(slow)).matrix)
    expect((await pulled(two)).matrix).not.toEqual((await pulled(fast)).matrix)
  })

  it('continues to the same bits', async () => {
    const optimizer = partition([['bias', chain(clipByValue(1), plain)]], fast)
    const { whole, continued } = await continuedEverywhere((moment) => fit(base({ optimizer, ...moment })))
    for (const each of continued) expect(each).toEqual(whole)
  })

  it('clips each group by its own norm', () => {
    const clipped = chain(clipByGlobalNorm(1), sgd({ learningRate: 1 }))
    const grouped = partition([['a', clipped]], clipped)
    const updater = createUpdater({ transformation: grouped, shapes: { a: [1], b: [1] }, executor })
    const params = { a: Float32Array.of(0), b: Float32Array.of(0) }
    const gradients = { a: Float32Array.of(3), b: Float32Array.of(4) }
    updater.step(params, updater.init(params), { loss: 1, terms: 1, gradients }, { step: 0, steps: 1 })
    expect([params.a[0], params.b[0]]).toEqual([-1, -1])
  })

  it('refuses a pattern of a partition within, that nothing is left for', () => {
    const within = partition([['biass', plain]], fast)
    const transformation = partition([['kernel', slow]], within)
    expect(() => createUpdater({ transformation, shapes: { kernel: [2], bias: [2] }, executor })).toThrow(
      /biass.* matches no parameter/,
    )
  })

  it('refuses a pattern that nothing is left for, once all parameters are known', async () => {
    const compiled = (transformation: typeof slow) => () =>
      createUpdater({ transformation, shapes, executor: cpuExecutor({ threads: 1 }) })
    expect(compiled(partition([['embed', slow]], fast))).toThrow(
      "partition: 'embed' matches no parameter that an earlier pattern leaves; there are: matrix, bias",
    )
    const twice = partition(
      [
        ['bias', slow],
        [/bias/, fast],
      ],
      fast,
    )
    expect(compiled(chain(clipByGlobalNorm(1), twice))).toThrow('partition: /bias/ matches no parameter')
    await expect(fit(base({ optimizer: twice }))).rejects.toThrow('partition: /bias/ matches no parameter')
  })

  it('refuses what would not train a parameter', () => {
    expect(() => partition([['bias', clipByValue(1)]], fast)).toThrow(
      "partition: 'bias': expected an optimizer, one part of which declares its step size, found 'clip-by-value'",
    )
    expect(() => partition([], withMethod(ptq({ format }), fast, byName()))).toThrow(
      "partition: otherwise: expected an optimizer without a method, found 'adamw'",
    )
    expect(() => partition([['bias', adamw as never]], fast)).toThrow(
      "partition: 'bias': expected a transformation",
    )
    expect(() => partition([['', slow]], fast)).toThrow('partition: expected a pattern of names')
  })

  it('is its last optimizer where there are no patterns', async () => {
    const optimizer = partition([], fast)
    expect(optimizer.slots).toEqual(chain(fast).slots)
    expect(await train({ optimizer })).toEqual(await train({ optimizer: fast }))
    expect(bitsOf(start()['bias']!)).not.toEqual((await train({ optimizer })).bias)
  })
})

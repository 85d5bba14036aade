import { mapTree, type Tree } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { base, bitsOf, bowl, format, shapes, start, train } from '../test/bowl.js'
import { continuedEverywhere } from '../test/resume.js'
import { fit, type StepEvent } from './fit.js'
import { lotion } from './lotion.js'
import { ptq } from './ptq.js'
import { trainable } from './trainable.js'

/** With a frozen bias that holds −0 and a subnormal number. */
const frozen = (): Tree<Float32Array> => ({ ...start(), bias: Float32Array.of(-0, 0, 1e-42, -3) })

describe('trainable', () => {
  const left = trainable(shapes, ['bias'])

  it('trains the others as if the frozen ones were no parameters: no update, decay, state or norm', async () => {
    const params = frozen()
    const events: StepEvent<Float32Array>[] = []
    const run = base({ params, shapes: left, method: lotion({ format }) })
    const state = await fit({ ...run, onStep: (event) => void events.push(event) })
    expect(bitsOf(params.bias!)).toEqual(bitsOf(frozen().bias!))
    expect(Object.keys(state)).toEqual(['matrix'])
    // A model without a bias at all.
    const { matrix } = start()
    const alone: number[] = []
    const gradientStep = {
      ...bowl(),
      run: (weights: Tree<Float32Array>, batch: Parameters<ReturnType<typeof bowl>['run']>[1]) =>
        bowl().run({ matrix: weights.matrix! }, batch),
    }
    const onStep = ({ gradientNorm }: StepEvent<Float32Array>): void => void alone.push(gradientNorm)
    await fit({ ...run, params: { matrix: matrix! }, gradientStep, onStep })
    expect(bitsOf(params.matrix!)).toEqual(bitsOf(matrix!))
    expect(events.map(({ gradientNorm }) => gradientNorm)).toEqual(alone)
    expect(mapTree(params, bitsOf)).not.toEqual(await train({ method: lotion({ format }) }))
  })

  it('minds no gradient of a frozen parameter that is not finite', async () => {
    const spoiled = {
      ...bowl(),
      run: async (...given: Parameters<ReturnType<typeof bowl>['run']>) => {
        const result = await bowl().run(...given)
        return { ...result, gradients: { ...result.gradients, bias: new Float32Array(4).fill(Number.NaN) } }
      },
    }
    const run = base({ params: frozen(), gradientStep: spoiled })
    await expect(fit({ ...run, shapes: left })).resolves.toBeDefined()
    await expect(fit(run)).rejects.toThrow('bias')
  })

  it('continues to the same bits from every step', async () => {
    const { whole, continued } = await continuedEverywhere((moment) =>
      fit(base({ method: lotion({ format }), shapes: left, ...moment })),
    )
    expect(continued).toHaveLength(12)
    for (const each of continued) expect(each).toEqual(whole)
    expect(whole.params.bias).toEqual(bitsOf(start().bias!))
  })

  it('refuses patterns that match nothing, and to freeze all', async () => {
    expect(trainable(shapes, ({ shape }) => shape.length < 2)).toEqual({ matrix: shapes.matrix })
    expect(() => trainable(shapes, ['bias', 'norm'])).toThrow(
      "frozen: 'norm' matches no parameter; there are: matrix, bias",
    )
    expect(() => trainable(shapes, () => false)).toThrow('frozen: the rule matches no parameter')
    expect(() => trainable(shapes, [/./])).toThrow(
      'frozen: expected some parameters to train, found all of matrix, bias',
    )
    // The method would have nothing to do: said by the rule of what is quantized.
    await expect(
      fit(base({ params: frozen(), method: ptq({ format }), shapes: trainable(shapes, ['matrix']) })),
    ).rejects.toThrow('quantize: the rule matches no parameter; there are: bias')
  })
})

// A run that diverges without overflowing is told; one that does not is not.

import { mapTree, normals, perTensor, type GradientStep, type Transformation } from '@lotion/core'
import { int2, withBlock } from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { base, batchesOf, bowl, curvedBowl, format, start } from '../test/bowl.js'
import { fit, type FitOptions, type StepEvent } from './fit.js'
import { piecewiseConstant } from './piecewise.js'
import { fitPhases, type Phases } from './phases.js'
import { ptq } from './ptq.js'
import { qat } from './qat.js'
import { constant } from './schedule.js'
import { sgd } from './sgd.js'

const diverging = sgd({ learningRate: constant(2.1) })

async function told(
  learningRate: number,
  steps = 64,
  more: Partial<FitOptions<Float32Array>> = {},
): Promise<readonly string[]> {
  const messages: string[] = []
  const optimizer = sgd({ learningRate: constant(learningRate) })
  const onWarning = (message: string): void => void messages.push(message)
  await fit(base({ before: [], optimizer, steps, onWarning, ...more }))
  return messages
}

describe('a loss that ends higher than it began', () => {
  // Of ½ w² the rate 2.1 makes −1.1 w of w.
  it('is told once, with what was compared', async () => {
    expect(await told(2.1)).toEqual([
      expect.stringMatching(
        /^ptq: the loss rose from \S+ \(the largest of the first 4 steps\) to \S+ \(median of the last 4\): it ended worse than it began; lower the learning rate/,
      ),
    ])
  })

  it('is not told of a run that comes down, or is too short to tell', async () => {
    expect(await told(0.5)).toEqual([])
    expect(await told(2.1, 48)).toEqual([])
  })

  it('is told of a run that is stopped before its length, and of one whose last step is skipped', async () => {
    const onStep = ({ step }: StepEvent<Float32Array>) => (step === 70 ? 'stop' : undefined)
    expect(await told(2.1, 640, { onStep })).toHaveLength(1)
    expect(await told(2.1, 64, { batches: batchesOf([63]), nonFinite: 'skip' })).toHaveLength(1)
  })

  it('is told of a run that goes on by the steps that were seen', async () => {
    const params = start()
    const short = base({ params, before: [], optimizer: diverging, steps: 10, onWarning: () => undefined })
    const state = await fit(short)
    expect(await told(2.1, 74, { params, from: { step: 10, state } })).toEqual([
      expect.stringMatching(/\(the largest of the first 5 steps after step 10\)/),
    ])
  })

  it('is not told of batches whose losses differ, where nothing is learned', async () => {
    // Log-normal losses: one in six is above e times the median.
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const losses = normals({ seed, stream: 'losses' }, 64).map(Math.exp)
      let step = 0
      const gradientStep: GradientStep<Float32Array> = {
        ...bowl(),
        run: async (params) => ({
          loss: losses[step++]!,
          terms: 1,
          gradients: mapTree(params, (w) => w.map(() => 0)),
        }),
      }
      expect(await told(0.5, 64, { gradientStep })).toEqual([])
    }
  })
})

describe('the loss of a run in phases', () => {
  const run = async (phases: Phases, optimizer: Transformation): Promise<readonly string[]> => {
    const messages: string[] = []
    const { method: _method, ...options } = base({
      gradientStep: curvedBowl(1),
      before: [],
      optimizer,
      steps: 64,
      onWarning: (message) => void messages.push(message),
    })
    await fitPhases({ ...options, phases })
    return messages
  }
  const coarse = withBlock(int2, perTensor)

  it('is seen over all of them', async () => {
    expect(await run([ptq({ format }), [qat({ format }), 0.5]], diverging)).toEqual([
      expect.stringMatching(/^ptq: the loss rose from/),
    ])
    // Neither phase is long enough by itself.
    const learning = [ptq({ format }), [qat({ format }), 0.1]] as const
    expect(await run(learning, diverging)).toEqual([expect.stringMatching(/^ptq\+qat: the loss rose from/)])
  })

  it('is told where an earlier phase diverged, though the last one holds what it found', async () => {
    const risen = sgd({ learningRate: piecewiseConstant(2.1, [[0.5, 1e-9]]) })
    expect(await run([ptq({ format }), [ptq({ format: coarse }), 0.5]], risen)).toEqual([
      expect.stringMatching(/^ptq: the loss rose from \S+ \(the largest of the first 4 steps\)/),
    ])
  })

  it('may rise where a method looks at casts: that is no divergence', async () => {
    // Weights near 0 by then, but their casts are drawn to a coarse grid.
    const target = start()
    const bowlAtStart: GradientStep<Float32Array> = {
      ...bowl(),
      run: async (params) => {
        const gradients = mapTree(params, (w, name) => w.map((value, i) => value - target[name]![i]!))
        const squares = Object.values(gradients).flatMap((g) => [...g].map((v) => v * v))
        return { loss: squares.reduce((sum, v) => sum + v / 2, 0), terms: 1, gradients }
      },
    }
    const losses: number[] = []
    const messages: string[] = []
    const { method: _method, ...options } = base({
      params: mapTree(target, (w) => w.map((value) => value * 0.999)),
      gradientStep: bowlAtStart,
      before: [],
      optimizer: sgd({ learningRate: 0.01 }),
      steps: 64,
      onWarning: (message) => void messages.push(message),
      onStep: ({ loss }) => void losses.push(loss),
    })
    await fitPhases({ ...options, phases: [ptq({ format: coarse }), [qat({ format: coarse }), 0.5]] })
    expect(losses.at(-1)!).toBeGreaterThan(100 * losses[0]!)
    expect(messages).toEqual([])
  })
})

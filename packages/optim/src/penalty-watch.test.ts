// A penalty that is without effect is told once; one that has an effect is not.

import { mapTree, type FisherEstimator, type Lane, type Transformation } from '@lotion/core'
import { defineFisher, empirical, exact } from '@lotion/fisher'
import { describe, expect, it } from 'vitest'
import { base, curvedBowl, executor, format, shapes, start } from '../test/bowl.js'
import { fit } from './fit.js'
import { lotion, type LotionOptions } from './lotion.js'
import { withMethod } from './method.js'
import { fitPhases } from './phases.js'
import { ptq } from './ptq.js'
import { byName } from './quantize-rule.js'
import { constant } from './schedule.js'
import { sgd } from './sgd.js'
import { createUpdater } from './updater.js'

/** Its gradient w vanishes at the minimum, its curvature does not. */
const exactBowl = curvedBowl(1)

/** A slow descent of the start to 0. */
const optimizer: Transformation = sgd({ learningRate: 0.3 })

async function told(fisher: LotionOptions['fisher'], steps = 64): Promise<readonly string[]> {
  const messages: string[] = []
  await fit(
    base({
      gradientStep: exactBowl,
      method: lotion({ format, fisher: fisher!, lambda: constant(0) }),
      optimizer,
      before: [],
      steps,
      onWarning: (message) => void messages.push(message),
    }),
  )
  return messages
}

describe('a penalty without effect', () => {
  it('is told once, with what to do', async () => {
    expect(await told(empirical({ beta: 0 }))).toEqual([
      expect.stringMatching(
        /^lotion trains as without its penalty: its Fisher times the mean variance of rounding, ½ tr\(F Σ\), stayed below 0\.001 of the loss from update 4 to 32 \(format int4, Fisher empirical\(beta=0\)\).*use the Fisher exact, smaller/,
      ),
    ])
  })

  it('is told of the phase that has it, however late that begins', async () => {
    const late = async (fisher: FisherEstimator): Promise<readonly string[]> => {
      const messages: string[] = []
      const { method: _method, ...options } = base({
        gradientStep: exactBowl,
        optimizer,
        before: [],
        steps: 100,
        onWarning: (message) => void messages.push(message),
      })
      await fitPhases({ ...options, phases: [ptq({ format }), [lotion({ format, fisher }), 0.8]] })
      return messages
    }
    expect(await late(empirical({ beta: 0 }))).toEqual([
      expect.stringMatching(/^lotion trains as without its penalty.* from update 82 to 96 \(format/),
    ])
    expect(await late(exact())).toEqual([])
  })

  it('is not told before half of the run, nor of runs too short to tell', async () => {
    expect(await told(empirical({ beta: 0 }), 7)).toEqual([])
  })

  it('is not told where the curvature stays', async () => {
    expect(await told(exact())).toEqual([])
  })

  it('is told of an estimate with a memory as far as the estimate says what a step shows of it', async () => {
    // Keeps 4 for ever. Its scalar `terms` counts something else than those of the loss.
    const remembering = (present?: boolean) =>
      defineFisher({
        name: 'remembering',
        needs: ['gradient'],
        slots: ['kept'],
        scalars: () => ({ terms: 0 }),
        observe: ({ kept }) => ({ kept: kept.max(4) }),
        diagonal: ({ kept }) => kept,
        ...(present
          ? { present: ({ gradient }: { readonly gradient: Lane }) => gradient.mul(gradient) }
          : {}),
      })
    expect(await told(remembering())).toEqual([])
    expect(await told(remembering(true))).toHaveLength(1)
  })
})

describe('the value of the penalty', () => {
  it('is Σ F d²/12 over the quantized parameters, d the width of a cell, whatever λ', async () => {
    const curvature = mapTree(shapes, (_, name) => start()[name]!.map(() => 2))
    const of = (lambda: number): Promise<number> => {
      const transformation = withMethod(lotion({ format, fisher: exact(), lambda }), optimizer, byName())
      const updater = createUpdater({ transformation, shapes, executor })
      const result = { loss: 1, terms: 1, gradients: start(), signals: { curvature } }
      return updater.penalty!(start(), updater.init(), result, { step: 0, steps: 1 })
    }
    // Blocks of four along rows of six, scaled by their largest weight over 7. A third of the way from the
    // point below the cell to the one above it is the cell's width; at the ends of the grid there is nothing
    // beyond.
    const blocks = [0, 6, 12].flatMap((at) => [
      start()['matrix']!.slice(at, at + 4),
      start()['matrix']!.slice(at + 4, at + 6),
    ])
    const clip = (x: number): number => Math.min(7, Math.max(-7, x))
    const expected = blocks.reduce((sum, block) => {
      const scale = Math.max(...block.map(Math.abs)) / 7
      return block.reduce((s, w) => {
        const x = Number((w / scale).toFixed(5))
        const width = ((clip(Math.ceil(x) + 1) - clip(Math.floor(x) - 1)) / 3) * scale
        return s + (2 * width * width) / 12
      }, sum)
    }, 0)
    // Single precision: eighteen terms, each a few roundings of numbers near 1.
    expect(await of(1)).toBeCloseTo(expected, 5)
    expect(await of(0)).toBe(await of(1))
  })
})

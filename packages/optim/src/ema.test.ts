import { mapTree, type Tree } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { base, bitsOf, executor, format, shapes, start, train } from '../test/bowl.js'
import { continuedEverywhere } from '../test/resume.js'
import { adamw } from './adamw.js'
import { cage } from './cage.js'
import { averagedWeights, ema } from './ema.js'
import { fit } from './fit.js'
import { lotion } from './lotion.js'
import { cosine } from './schedule.js'
import { trainable } from './trainable.js'
import { chain } from './transformation.js'

const adam = adamw({ learningRate: cosine(0.1, { warmup: 0.2 }), weightDecay: 0.1 })

describe('ema', () => {
  it.each([cage({ format, silence: 0 }), lotion({ format })])(
    'changes no update, and averages all weights of the run in f32: $name',
    async (method) => {
      const average = ema({ decay: 0.9 })
      const params = start()
      const rate = Math.fround(1 - 0.9)
      const wanted = start()
      const state = await fit(
        base({
          params,
          method,
          optimizer: chain(adam, average),
          onStep: (event) => {
            // e + (w − e) · rate, each operation rounded once.
            for (const [name, e] of Object.entries(wanted))
              e.forEach((value, i) => {
                const away = Math.fround(event.params[name]![i]! - value)
                e[i] = Math.fround(value + Math.fround(away * rate))
              })
          },
        }),
      )
      expect(mapTree(params, bitsOf)).toEqual(await train({ method, optimizer: adam }))
      const found = averagedWeights({ executor, ema: average, params, state, updates: 12 })
      expect(mapTree(found, bitsOf)).toEqual(mapTree(wanted, bitsOf))
    },
  )

  it('is the weights themselves before the first update, and with decay 0', async () => {
    const at = async (decay: number, updates: number): Promise<readonly Tree<readonly number[]>[]> => {
      const average = ema({ decay })
      const params = start()
      const state =
        updates === 0
          ? mapTree(params, (w) => ({ 'ema.average': new Float32Array(w.length) }))
          : await fit(base({ params, optimizer: chain(adam, average), steps: updates }))
      const found = averagedWeights({ executor, ema: average, params, state, updates })
      return [mapTree(found, bitsOf), mapTree(params, bitsOf)]
    }
    const [before, weights] = await at(0.9, 0)
    expect(before).toEqual(weights)
    const [last, now] = await at(0, 3)
    // a + (w − a) rounds twice.
    expect(last!['bias']!.every((bits, i) => Math.abs(bits - now!['bias']![i]!) <= 2)).toBe(true)
  })

  it('leaves frozen parameters, and refuses a state without an average', async () => {
    const average = ema({ decay: 0.9 })
    const params = start()
    const optimizer = chain(adam, average)
    const state = await fit(base({ params, optimizer, shapes: trainable(shapes, ['bias']) }))
    const found = averagedWeights({ executor, ema: average, params, state, updates: 12 })
    expect(found['bias']).toBe(params['bias'])
    expect(found['matrix']).not.toEqual(params['matrix'])
    const other = await fit(base({ params }))
    expect(() => averagedWeights({ executor, ema: average, params, state: other, updates: 12 })).toThrow(
      "state: expected slots 'ema.average' of the weights' average, found none",
    )
    expect(() => ema({ decay: 1 })).toThrow('decay: expected a number in [0, 1), found 1')
  })

  it('continues to the same bits from every step', async () => {
    const optimizer = chain(adam, ema({ decay: 0.9 }))
    const { whole, continued } = await continuedEverywhere((moment) => fit(base({ optimizer, ...moment })))
    expect(whole.state['matrix']).toHaveProperty(['ema.average'])
    for (const each of continued) expect(each).toEqual(whole)
  })
})

import { defineLanes, evaluate, perTensor, scalarNames, type Lane } from '@lotion/core'
import { int4, withBlock } from '@lotion/formats'
import { dithered, randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { annealed } from './annealed-noise.js'
import { lotion } from './lotion.js'
import { linear } from './schedule.js'

describe('annealed', () => {
  it('gives the penalty the width of the step, down to randomized rounding', () => {
    const format = withBlock(int4, perTensor)
    const w = [7, 3, 2.2, -1.4, 0.9]
    const slopeAt = (noise: Parameters<typeof lotion>[0]['noise'] & {}, step: number): Float64Array => {
      const part = lotion({ format, noise, fisher: constantFisher }).penalty!
      const fn = defineLanes({
        name: 'slope',
        inputs: ['w', 'update'],
        scalars: scalarNames(part),
        outputs: ['update'],
        body: (x) => ({ update: part.update(x as never).update }),
      })
      return evaluate([{ fn, inputs: { w, update: 0, ...part.scalars({ step, steps: 5, terms: 1 }) } }])[0]!
        .update!
    }
    const noise = annealed(dithered, linear(1, 0))
    ;[1, 0.75, 0.5, 0.25, 0].forEach((width, step) =>
      expect(slopeAt(noise, step)).toEqual(slopeAt(dithered(width), step)),
    )
    expect(slopeAt(noise, 4)).toEqual(slopeAt(randomizedRounding, 4))
    expect(() => annealed(dithered, linear(2, 0)).width({ step: 0, steps: 5 })).toThrow(
      'width: expected a number from 0 to 1',
    )
  })
})

const constantFisher = {
  name: 'one',
  needs: [],
  slots: [],
  borrows: {},
  scalars: () => ({}),
  observe: () => ({}),
  diagonal: ({ w }: Readonly<Record<string, Lane>>) => w!.mul(0).add(1),
}

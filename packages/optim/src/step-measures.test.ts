// What a step says of itself: learning rate, λ, penalty. By hand, and against the penalty's own formula.

import { evaluate, layoutOf } from '@lotion/core'
import { exact } from '@lotion/fisher'
import { randomizedRounding } from '@lotion/noise'
import { expect, test } from 'vitest'
import { base, format, shapes } from '../test/bowl.js'
import { cage } from './cage.js'
import { fit, type StepMeasures } from './fit.js'
import { lotion } from './lotion.js'
import type { Method } from './method.js'
import { ptq } from './ptq.js'
import { linear } from './schedule.js'
import { sgd } from './sgd.js'
import { smoothingPenalty } from './smoothing.js'

async function measured(method: Method) {
  const steps: { readonly measures: StepMeasures; readonly matrix: Float32Array }[] = []
  await fit(
    base({
      method,
      optimizer: sgd({ learningRate: linear(0.3, 0.1) }),
      steps: 5,
      onStep: async ({ measure, params }) => {
        steps.push({ measures: await measure('penalty'), matrix: params['matrix']!.slice() })
        expect(await measure()).not.toHaveProperty('penalty')
      },
    }),
  )
  return steps
}

test('LOTION tells λ and λ · ½ Σ F σ² of the weights after the step, and its optimizer the learning rate', async () => {
  const steps = await measured(lotion({ format, fisher: exact(), lambda: linear(1, 3) }))
  const layout = layoutOf(shapes.matrix, format.block)
  for (const [i, { measures, matrix }] of steps.entries()) {
    // The bowl's curvature is 1 everywhere, in units of F per loss term.
    const inputs = { w: matrix, fisher: matrix.map(() => 1) }
    const [half] = evaluate([{ fn: smoothingPenalty(format, randomizedRounding), inputs, layout }])
    expect(measures.learningRate).toBeCloseTo(0.3 - 0.05 * i, 12)
    expect(measures.lambda).toBe(1 + 0.5 * i)
    expect(half!['penalty']![0]).toBeGreaterThan(0)
    // Sums of 18 terms in f32.
    expect(measures.penalty! / (measures.lambda! * half!['penalty']![0]!)).toBeCloseTo(1, 5)
  }
})

test('CAGE tells the strength of its correction, and PTQ neither that nor a penalty', async () => {
  const pulls = (await measured(cage({ format, lambda: 2, silence: 0 }))).map(({ measures }) => measures)
  expect(pulls.map(({ lambda }) => lambda)).toEqual(
    [0.4, 0.8, 1.2, 1.6, 2].map((each) => expect.closeTo(each, 12)),
  )
  expect(pulls[0]).not.toHaveProperty('penalty')
  const [first] = await measured(ptq({ format }))
  expect(first!.measures).toEqual({ learningRate: 0.3 })
})

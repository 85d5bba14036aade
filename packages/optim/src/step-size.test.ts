// The step size belongs to the parameter: what borrows it follows the optimizer of each parameter's own
// group.

import type { ParameterInfo, Transformation } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { base, batchesOf, bitsOf, bowl, executor, format } from '../test/bowl.js'
import { adamw } from './adamw.js'
import { cage } from './cage.js'
import { clipByGlobalNorm } from './clip-by-global-norm.js'
import { fit } from './fit.js'
import { withMethod } from './method.js'
import { everything } from './quantize-rule.js'
import { linear } from './schedule.js'
import { sgd } from './sgd.js'
import { defineTransformation } from './define-transformation.js'
import { chain, masked } from './transformation.js'
import { createUpdater } from './updater.js'

const shapes = { matrix: [3, 6], bias: [4] }
const isMatrix = ({ shape }: ParameterInfo): boolean => shape.length >= 2
const isVector = (parameter: ParameterInfo): boolean => !isMatrix(parameter)
const method = cage({ format, silence: 0.25 })

/** Bits of some parameters after 12 steps from one start. */
async function trained(names: readonly (keyof typeof shapes)[], optimizer: Transformation): Promise<unknown> {
  const only = <V>(of: Readonly<Record<string, V>>) =>
    Object.fromEntries(names.map((name) => [name, of[name]!]))
  const options = base({ method, optimizer, quantize: everything, before: [] })
  const params = only(options.params)
  await fit({
    ...options,
    params,
    shapes: only(shapes),
    gradientStep: bowl(),
    batches: (step) => only(batchesOf()(step)),
  })
  return Object.fromEntries(Object.entries(params).map(([name, w]) => [name, bitsOf(w)]))
}

describe('CAGE with an optimizer for each group of parameters', () => {
  const groups: Readonly<Record<string, readonly [Transformation, Transformation]>> = {
    'of two kinds': [adamw({ learningRate: linear(0.1, 0) }), sgd({ learningRate: 0.3, momentum: 0.9 })],
    'of one kind, a learning rate each': [
      sgd({ learningRate: 0.01 }),
      sgd({ learningRate: linear(0.5, 0.1) }),
    ],
    'a chain each': [
      chain(
        adamw({ learningRate: 0.1 }),
        defineTransformation({ name: 'half', update: (x) => ({ update: x.update.mul(0.5) }) }),
      ),
      chain(sgd({ learningRate: 0.2 }), sgd({ learningRate: 1 })),
    ],
  }
  it.each(Object.entries(groups))('%s: each is trained as alone, bit for bit', async (_, [first, second]) => {
    for (const optimizer of [
      chain(masked(isMatrix, first), masked(isVector, second)),
      chain(masked(isVector, second), masked(isMatrix, first)),
    ]) {
      const both = await trained(['matrix', 'bias'], optimizer)
      expect(both).toEqual({
        ...Object(await trained(['matrix'], first)),
        ...Object(await trained(['bias'], second)),
      })
    }
  })

  it('refuses a group whose optimizer declares no step size, by the name of its parameter', () => {
    const optimizer = chain(masked(isMatrix, sgd({ learningRate: 1 })), masked(isVector, clipByGlobalNorm(1)))
    const make = (quantize: Parameters<typeof withMethod>[2]) => () =>
      createUpdater({ transformation: withMethod(method, optimizer, quantize), shapes, executor })
    expect(make(everything)).toThrow(
      "cage: 'bias': needs the step size of the optimizer, which 'clip' does not declare; name the scalar",
    )
    expect(make((parameter) => (isMatrix(parameter) ? everything(parameter) : null))).not.toThrow()
  })
})

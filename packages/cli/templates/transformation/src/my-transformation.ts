// An optimizer: from a gradient to an update. Change what it remembers and the formula.

import { defineFamily } from '@lotion/core'
import { defineTransformation, type OptimizerContext } from '@lotion/optim'

/** Step along the sign of the momentum: update = −rate · sign(m), m ← β m + (1 − β) g. */
export const myTransformation = defineFamily({
  name: 'my-transformation',
  numbers: { beta: { default: 0.9, min: 0, below: 1 } },
  make: ({ beta }, { learningRate }: OptimizerContext) =>
    defineTransformation({
      name: 'my-transformation',
      // One array of zeros a parameter for each slot; `update` must return every one of them.
      slots: ['m'],
      // The scalar that holds the learning rate: methods such as CAGE ask for it.
      stepSize: 'rate',
      scalars: (at) => ({ rate: typeof learningRate === 'number' ? learningRate : learningRate(at) }),
      // `update` is what came before: the gradient, clipped and with penalties. What is returned is added to
      // the weight.
      update: ({ update, m, rate }) => {
        const mean = m.mul(beta).add(update.mul(1 - beta))
        const size = mean.abs()
        // 0 stays where it is.
        const sign = mean.div(size.max(1e-30))
        return { update: sign.mul(rate.mul(-1)), m: mean }
      },
    }),
})

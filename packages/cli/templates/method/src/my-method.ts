// A method: where the gradient is taken and what is added to the optimizer. Change either.

import { castSample, defineFamily } from '@lotion/core'
import { randomizedRounding } from '@lotion/noise'
import { defineMethod, defineTransformation, type MethodContext } from '@lotion/optim'

/** Take the gradient at a random cast, and pull weights to 0 by λ · w. */
export const myMethod = defineFamily({
  name: 'my-method',
  // What tuning tries stands in `tries`.
  numbers: { lambda: { default: 0.01, min: 0, tries: [0.001, 0.01, 0.1] } },
  make: ({ lambda }, { format, noise = randomizedRounding }: MethodContext) =>
    defineMethod({
      name: 'my-method',
      format,
      // From `w` (and uniforms `u`); at the weights themselves if it is left out.
      point: castSample(format, noise),
      // Added to the task's gradient before the optimizer.
      penalty: defineTransformation({
        name: 'pull',
        update: ({ w, update }) => ({ update: update.add(w.mul(lambda)) }),
      }),
      settings: { noise: noise.name, lambda },
    }),
})

import { defineFamily } from '@lotion/core'
import { defineMethod, defineTransformation, type MethodContext } from '@lotion/optim'

// Its penalty forgets to add to what came in: the task's gradient is lost.
export const deaf = defineFamily({
  name: 'deaf',
  make: (_, { format }: MethodContext) =>
    defineMethod({
      name: 'deaf',
      format,
      penalty: defineTransformation({ name: 'pull', update: ({ w }) => ({ update: w.mul(0.01) }) }),
    }),
})

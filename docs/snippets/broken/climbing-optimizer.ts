import { defineTransformation } from '@lotion/optim'

// Forgets the minus: what is returned is added to the weight.
export const climbing = defineTransformation({
  name: 'climbing',
  stepSize: 'rate',
  scalars: () => ({ rate: 0.01 }),
  update: ({ update, rate }) => ({ update: update.mul(rate) }),
})

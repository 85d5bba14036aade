import { defineFisher } from '@lotion/fisher'

// Squares the mean gradient and forgets that it is a mean over `terms` terms.
export const forgetful = defineFisher({
  name: 'forgetful',
  needs: ['gradient'],
  diagonal: ({ gradient }) => gradient.mul(gradient),
})

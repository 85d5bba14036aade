// A curvature estimator: how much the loss rises when each weight is rounded. Change what it remembers and
// what it makes of it.

import { defineFisher } from '@lotion/fisher'

/** Memory of the average: about a hundred steps. */
const beta = 0.99

/** The squares of the raw gradient, averaged: s ← β s + (1 − β) terms · g², F = s / (1 − β^t). */
export const myFisher = defineFisher({
  name: 'my-fisher',
  // What the gradient step must deliver; the formulas below find it under this name.
  needs: ['gradient'],
  // One array of zeros a parameter for each slot; `observe` must return every one of them.
  slots: ['squares'],
  nonNegative: ['squares'],
  // Numbers of a step, computed on the host. `terms` counts the loss terms that a gradient averages: their
  // squares shrink with it.
  scalars: ({ step, terms, updates = step }) => ({ terms, unbias: 1 / (1 - beta ** (updates + 1)) }),
  observe: ({ squares, gradient, terms }) => {
    const square = gradient.mul(gradient).mul(terms)
    return { squares: squares.add(square.sub(squares).mul(1 - beta)) }
  },
  // F a weight, from the slots as `observe` left them.
  diagonal: ({ squares, unbias }) => squares.mul(unbias),
  // F as this step alone shows it: a penalty without effect is told where gradients vanish. May be left out.
  present: ({ gradient, terms }) => gradient.mul(gradient).mul(terms),
})

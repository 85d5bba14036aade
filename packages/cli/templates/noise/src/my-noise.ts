// A rounding noise: where a weight goes that is between two points of the grid. Change the atoms and the
// claims.

import { defineNoise } from '@lotion/noise'

/** Rounds up with probability t, t in [0, 1] the place of x between its neighbours: the mean outcome is x. */
export const myNoise = defineNoise({
  name: 'my-noise',
  // What is claimed must hold, and what is denied must be broken somewhere: the test checks both.
  claims: {
    unbiased: true, // the mean outcome is x
    continuous: true, // the variance has no jumps
    preserving: true, // a grid point stays
    onGrid: true, // every outcome is a grid point
    smooth: false, // the expected loss has no kinks
  },
  // Outcomes in ascending order, with their probabilities; variance and samples follow. lo ≤ x ≤ hi are the
  // neighbours of x, `below` and `above` the points after them.
  atoms: ({ x, lo, hi }) => {
    const t = x.sub(lo).div(hi.sub(lo))
    return [
      { value: lo, mass: t.mul(-1).add(1) },
      { value: hi, mass: t },
    ]
  },
})

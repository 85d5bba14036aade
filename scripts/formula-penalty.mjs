// The penalty of LOTION for the guide, with names for what its text speaks of. Comes in: a format, a noise.
// Goes out: its formula, written from the lane functions that run, without their guards.
import { castVariance, locate, texOf } from '@lotion/core'
import { smoothingPenalty } from '@lotion/optim'
import { withoutGuards } from './formula-graph.mjs'
import { ordinaryCases } from './formula-inputs.mjs'
import { lanesOf, withoutNeedless } from './formula-lanes.mjs'
import { legendOf, symbols } from './formula-names.mjs'

/** @typedef {import('@lotion/core').Lane} Lane */

/**
 * A format whose grid says no more of a cell than its ends: a noise may compute from what else it says, and
 * that is shorter to run, not to read.
 * @param {import('@lotion/core').NumberFormat} format
 */
const withEnds = (format) => ({
  ...format,
  grid: {
    ...format.grid,
    around: (/** @type {Lane} */ x, /** @type {boolean | undefined} */ isBounded) => {
      const { cell: _, ...site } = format.grid.around(x, isBounded)
      return site
    },
  },
})

/** @param {import('@lotion/core').NumberFormat} format @param {import('@lotion/core').Noise} noise */
export function penaltyFormula(format, noise) {
  const ends = withEnds(format)
  const whole = lanesOf(`penalty ${format.name}`, ['w', 'fisher'], [], (x) => {
    const { w, fisher } = /** @type {{ readonly w: Lane, readonly fisher: Lane }} */ (x)
    const at = locate(ends, w)
    return {
      amax: /** @type {Lane} */ (at.statistics[0]),
      scale: at.scale,
      x: at.site.x,
      lo: at.site.lo,
      hi: at.site.hi,
      weightVariance: castVariance(at, noise),
      ...smoothingPenalty(ends, noise).body({ w, fisher }),
    }
  })
  const { fn } = withoutGuards(whole, ordinaryCases(whole, 1))
  const shown = withoutNeedless(fn)
  const tex = texOf(shown, { symbols })
  return { tex, where: legendOf(shown, tex) }
}

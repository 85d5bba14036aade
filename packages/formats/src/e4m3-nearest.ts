// Scale rule of NVFP4: one E4M3 number a block times one f32 number a tensor. Comes in: a weight and its
// grid. Goes out: a rule. Source: NVIDIA's NVFP4 recipe: tensor scale = tensor maximum / (448 · top), block
// scale nearest E4M3.

import { nearestPoint, type Grid, type ScaleRule } from '@lotion/core'
import { divisor, finiteScale } from './absmax.js'
import { largestFiniteScale, roundedDown } from './grid-precision.js'
import { e4m3, largestOf } from './minifloat.js'
import { minifloatGrid } from './minifloat-grid.js'
import { topPoint } from './top-point.js'
import { twoLevels } from './two-level-scale.js'

const grid8 = minifloatGrid(e4m3)

/**
 * A block with e = 1 · 2^-9 may have its maximum cast to half the top, which e = 0 is nearest to when it is
 * cast again; only a grid with no point between 0 and its top has no such maximum.
 */
const repeats = ({ points }: Grid): boolean => !points.some((point) => point > 0 && point < points.at(-1)!)

/**
 * Scale = e · t with t = tensorMax / (448 · top) and e the E4M3 number nearest to (amax / top) / t; x = w /
 * (e · t). Saturates where e was rounded down. A block whose e rounds to 0, or of a tensor of zeros, has
 * scale 0.
 */
export const e4m3Nearest: ScaleRule = Object.freeze({
  name: 'e4m3-nearest',
  claims: Object.freeze({ continuous: false, saturates: true, repeats: (grid: Grid) => repeats(grid) }),
  bits: 8,
  stored: 'e4m3',
  tensorBits: 32,
  scaled: (w, grid) => {
    const top = topPoint(grid)
    const amax = w.abs().blockMax()
    const tensorMax = w.abs().tensorMax()
    const largest = roundedDown(largestFiniteScale(grid) / largestOf(e4m3), 24)
    const tensor = finiteScale(tensorMax.div(largestOf(e4m3) * top), grid, largest)
    const block = nearestPoint(grid8.around(amax.div(top).div(divisor(tensor))))
    return twoLevels(w, [amax, tensorMax], { block, tensor })
  },
} satisfies ScaleRule)

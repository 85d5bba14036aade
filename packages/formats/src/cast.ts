// Rounding whole weights: scale, choose a neighbour, scale back. Comes in: a format (and a noise). Goes out: lane functions.
// Source: LOTION, section 2: cast(w) and randomized rounding RR(w).

import { defineLanes, nearestPoint, type LaneFn, type Noise, type NumberFormat } from '@lotion/core'
import { checkFormat } from './check-format.js'
import { locate } from './format.js'

/** Cast to the nearest representable weight, ties to the even code: `w` → `w`. Run it with the format's block layout. */
export function castNearest(format: NumberFormat): LaneFn<'w', never, 'w'> {
  checkFormat('castNearest: format', format)
  return defineLanes({
    name: `cast ${format.name} nearest`,
    inputs: ['w'],
    outputs: ['w'],
    body: ({ w }) => {
      const { site, scale } = locate(format, w)
      return { w: nearestPoint(site).mul(scale) }
    },
  })
}

/** Cast by a sample of a noise: `w`, uniform `u` in [0, 1) → `w`. */
export function castSample(format: NumberFormat, noise: Noise): LaneFn<'w' | 'u', never, 'w'> {
  checkFormat('castSample: format', format)
  return defineLanes({
    name: `cast ${format.name} ${noise.name}`,
    inputs: ['w', 'u'],
    outputs: ['w'],
    body: ({ w, u }) => {
      const { site, scale } = locate(format, w)
      return { w: noise.sample(site, u).mul(scale) }
    },
  })
}

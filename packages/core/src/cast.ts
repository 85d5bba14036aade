// Rounding whole weights: scale, choose a neighbour, scale back. Comes in: a format (and a noise). Goes out:
// lane functions.
// Source: LOTION, section 2: cast(w) and randomized rounding RR(w).

import { checkFormat } from './checks/check-format.js'
import { defineLanes, type LaneFn } from './lanes/lane.js'
import { drawnCast, locate, nearestCast } from './locate.js'
import type { Noise, NumberFormat } from './plugins.js'

/** Cast to the nearest representable weight, ties to the even code: `w` → `w`. Needs the format's layout. */
export function castNearest(format: NumberFormat): LaneFn<'w', never, 'w'> {
  checkFormat('castNearest: format', format)
  return defineLanes({
    name: `cast ${format.name} nearest`,
    inputs: ['w'],
    outputs: ['w'],
    body: ({ w }) => ({ w: nearestCast(locate(format, w)) }),
  })
}

/** Cast by a sample of a noise: `w`, uniform `u` in [0, 1) → `w`. Run it with the format's block layout. */
export function castSample(format: NumberFormat, noise: Noise): LaneFn<'w' | 'u', never, 'w'> {
  checkFormat('castSample: format', format)
  return defineLanes({
    name: `cast ${format.name} ${noise.name}`,
    inputs: ['w', 'u'],
    outputs: ['w'],
    body: ({ w, u }) => ({ w: drawnCast(locate(format, w), noise, u) }),
  })
}

// Rounding whole weights: scale, choose a neighbour, scale back. Comes in: a format (and a noise). Goes out:
// lane functions.
// Source: LOTION: cast(w) and randomized rounding RR(w).

import { checkFormat } from './checks/check-format.js'
import { defineLanes, type LaneFn } from './lanes/lane.js'
import { drawnCast, locate, nearestCast } from './locate.js'
import type { Noise, NumberFormat } from './plugins.js'

/**
 * Cast to the nearest representable weight, ties to the even code: `w` → `w`. Needs the format's layout.
 * @param format Its grid and scale rule are in the formula; its block is in the layout of the call.
 * @throws TypeError if the format is none.
 * @example
 * ```ts
 * import { castNearest, evaluate, layoutOf } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 *
 * const w = [0.31, -1.2, 0.05, 0.6]
 * const layout = layoutOf([4], int4.block)
 * const [out] = evaluate([{ fn: castNearest(int4), inputs: { w }, layout }], 'f32')
 * console.log(out!['w']) // multiples of 1.2 / 7
 * ```
 */
export function castNearest(format: NumberFormat): LaneFn<'w', never, 'w'> {
  checkFormat('castNearest: format', format)
  return defineLanes({
    name: `cast ${format.name} nearest`,
    inputs: ['w'],
    outputs: ['w'],
    body: ({ w }) => ({ w: nearestCast(locate(format, w)) }),
  })
}

/**
 * Cast by a sample of a noise: `w`, uniform `u` in [0, 1) → `w`. Run it with the format's block layout.
 * @param format Its grid and scale rule are in the formula; its block is in the layout of the call.
 * @param noise The law that is drawn from.
 * @throws TypeError if the format is none.
 * @example
 * ```ts
 * import { castSample, evaluate, layoutOf, uniforms } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { randomizedRounding } from '@lotion/noise'
 *
 * const w = [0.31, -1.2, 0.05, 0.6]
 * const u = uniforms({ seed: 1, stream: 'cast' }, w.length)
 * const fn = castSample(int4, randomizedRounding)
 * console.log(evaluate([{ fn, inputs: { w, u }, layout: layoutOf([4], int4.block) }], 'f32'))
 * ```
 */
export function castSample(format: NumberFormat, noise: Noise): LaneFn<'w' | 'u', never, 'w'> {
  checkFormat('castSample: format', format)
  return defineLanes({
    name: `cast ${format.name} ${noise.name}`,
    inputs: ['w', 'u'],
    outputs: ['w'],
    body: ({ w, u }) => ({ w: drawnCast(locate(format, w), noise, u) }),
  })
}

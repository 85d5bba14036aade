// The laws of pairs are checked: for each a format with a noise that must fail it.
import type { Noise } from '@lotion/core'
import { e8m0Ceil, e8m0Floor, int4, withScale } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { brokenInF32, eachLawIsBroken, type Wrong } from '../test/broken-laws.js'
import { formatWrongInF32, noiseWrongInF32 } from '../test/wrong-in-f32.js'

/** Randomized rounding with something changed. */
const rounding = (change: Partial<Noise>): Noise => ({ ...randomizedRounding, ...change })

const pairs: Wrong<'pair'> = {
  finite: { format: int4, noise: rounding({ variance: ({ x }) => x.div(x.sub(x)) }) },
  'mean after scaling': {
    format: withScale(int4, { ...e8m0Floor, claims: { continuous: false, saturates: false } }),
    noise: randomizedRounding,
  },
  'cast weights stay': { format: int4, noise: rounding({ sample: ({ above }) => above }) },
  'no jumps through the scale': {
    format: withScale(int4, { ...e8m0Ceil, claims: { continuous: true, saturates: false } }),
    noise: randomizedRounding,
  },
}

eachLawIsBroken('pair', pairs)

const noiseInF32 = (name: string): Noise => noiseWrongInF32(randomizedRounding, pairs[name]!.noise)
brokenInF32('pair', {
  finite: { format: int4, noise: noiseInF32('finite') },
  'mean after scaling': {
    format: formatWrongInF32(int4, pairs['mean after scaling']!.format),
    noise: randomizedRounding,
  },
  'cast weights stay': { format: int4, noise: noiseInF32('cast weights stay') },
})

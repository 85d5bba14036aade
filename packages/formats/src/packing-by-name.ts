// The bytes of every built-in format. Comes in: a format's name. Goes out: a packing. Source: the index of packings.

import { ggufPacking } from './gguf-packing.js'
import { listPositions, offsetBinary, signMagnitude, twosComplement } from './element-codes.js'
import { e2m1, e2m3, e3m2, e4m3, e5m2, type Minifloat } from './minifloat.js'
import { nf4Grid } from './nf4.js'
import { streamPacking, type Packing } from './packing.js'
import { e4m3Scale, e8m0Codes, f16Scale, f32Scale } from './scale-codes.js'
import { swizzledScales } from './swizzled-scales.js'

const integers = (bits: number): Packing =>
  streamPacking(`int${bits}`, { codes: twosComplement(bits), scale: f32Scale })
const floats = (name: string, float: Minifloat): Packing =>
  streamPacking(name, { codes: signMagnitude(float), scale: f32Scale })
const mx = (name: string, float: Minifloat): Packing =>
  streamPacking(name, { codes: signMagnitude(float), scale: e8m0Codes })
const nv = { codes: signMagnitude(e2m1), scale: e4m3Scale, tensorScale: f32Scale }

/** The packing of every built-in format, under the format's name, and `nvfp4-swizzled`. */
export const builtInPackings: readonly Packing[] = Object.freeze([
  ...[8, 4, 3, 2].map(integers),
  floats('fp4', e2m1),
  streamPacking('nf4', { codes: listPositions(nf4Grid.points), scale: f32Scale }),
  floats('fp8-e4m3', e4m3),
  floats('fp8-e5m2', e5m2),
  floats('fp6-e3m2', e3m2),
  floats('fp6-e2m3', e2m3),
  mx('mxfp4', e2m1),
  mx('mxfp6-e3m2', e3m2),
  mx('mxfp6-e2m3', e2m3),
  mx('mxfp8-e4m3', e4m3),
  mx('mxfp8-e5m2', e5m2),
  streamPacking('mxint8', { codes: twosComplement(8, 2 ** -6), scale: e8m0Codes }),
  streamPacking('nvfp4', nv),
  streamPacking('nvfp4-swizzled', { ...nv, placement: swizzledScales }),
  ggufPacking('q4_0', offsetBinary(4, 8), f16Scale),
  ggufPacking('q8_0', twosComplement(8), f16Scale),
  ggufPacking('gguf-mxfp4', signMagnitude(e2m1), e8m0Codes),
])

/** Find a packing by name. @throws listing the known names. */
export function packingByName(name: string): Packing {
  const found = builtInPackings.find((packing) => packing.name === name)
  if (!found)
    throw new RangeError(
      `packing: expected one of ${builtInPackings.map((p) => p.name).join(', ')}, found '${name}'`,
    )
  return found
}

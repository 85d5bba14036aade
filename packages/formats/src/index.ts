// The public surface of @lotion/formats.
export * from './binary-grid.js'
export * from './built-in.js'
export * from './built-in-scales.js'
export * from './by-name.js'
export * from './cast-statistics.js'
export * from './e2m1-grid.js'
export * from './element-codes.js'
export * from './fixed-scale.js'
export { defineFormat, withBlock, withScale, bitsPerWeight } from './format.js'
export * from './grid-from-points.js'
export * from './int-grid.js'
export { knownFormats } from './known-formats.js'
export {
  bf16,
  e2m1,
  e2m3,
  e3m0,
  e3m2,
  e4m3,
  e5m2,
  f16,
  largestOf,
  minifloat,
  type Minifloat,
} from './minifloat.js'
export * from './minifloat-grid.js'
export type { Packing, ScalePlacement, StreamOptions } from './packing.js'
export { packingOf, builtInPackings, packingByName } from './packing-of.js'
export * from './quantize.js'
export * from './scale-codes.js'
export * from './scaled-grid.js'
export * from './ternary-grid.js'

// What sister packages need of @lotion/formats: no promise, it may change in any release.
export { divisor } from './absmax.js'
export { topOf, isStandard } from './format.js'
export * from './format-words.js'
export { formatNumbers } from './known-formats.js'
export { canSwizzle, packingsOf, canStore } from './packing-of.js'
export * from './reach.js'
export { integerPoints, integerWeights, type IntegerPoints, type IntegerWeights } from './integer-weights.js'
export {
  dequantizeIntegers,
  dequantizeParts,
  integerBytes,
  packIntegers,
  unpackIntegers,
} from './onnx-weights.js'

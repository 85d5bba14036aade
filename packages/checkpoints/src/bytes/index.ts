// The public surface of @lotion/checkpoints/bytes: all that needs no files, for any runtime.

export {
  openSafetensorsBytes,
  parseSafetensors,
  safetensorsBytes,
  type FileBytes,
} from '../safetensors-bytes.js'
export {
  ggufContent,
  type GgufContent,
  type GgufMetadata,
  type GgufTensorSource,
} from '../gguf/gguf-content.js'
export type { GgufNumber, GgufScalarType, WritableGgufValue } from '../gguf/writable-value.js'
export { ggufLayout, type GgufLayout, type GgufPlace } from '../gguf/gguf-layout.js'
export { safetensorsFiles, type CheckpointFile } from '../checkpoint-files.js'
export { castBytes, type CastBytes } from '../cast/cast-bytes.js'
export { dtypeBits, type Dtype, type RawTensor } from '../dtype.js'
export { BeyondFloat32, fillFloat32, toFloat32 } from '../to-float32.js'
export { fromFloat32, writableFloats, type FloatDtype, type WrittenFloats } from '../from-float32.js'
export { fromTyped, type NumericArray } from '../from-typed.js'
export type { TensorInfo } from '../safetensors-header.js'
export type { ByteSource, Safetensors, SafetensorsFile } from '../safetensors-view.js'
export type { TensorBytes, TensorSource, WritableTensor } from '../written-tensors.js'
export type { GgufNumbers } from '../gguf/gguf-values.js'
export type { CastOptions, CastSummary } from '../cast/cast-sources.js'
export { CastOptionError } from '../cast/check-cast-options.js'
export { gridMetadata, gridRecord, type GridRecord } from '../cast/cast-metadata.js'
export { inspectWeights, type InspectedWeight } from '../cast/inspect-weights.js'
export type { KnownLayout } from '../cast/known-layouts.js'
export type { QuantizedWeight } from '../cast/quantized-weights.js'
export { recordedGrid, type GridWish, type RecordedGrid } from '../cast/recorded-grid.js'
export { readWeight } from '../cast/read-weight.js'
export { readableWeights, type ReadableWeights } from '../cast/readable-weights.js'
export {
  planWeights,
  type ChosenWeight,
  type KeptTensor,
  type WeightChoice,
  type WeightPlan,
} from '../cast/weight-plan.js'
export { addSums, ratiosOf, type WeightRatios, type WeightSums } from '../cast/weight-statistics.js'

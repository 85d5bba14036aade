// The public surface of @lotion/checkpoints.
export { writeAtomic, type Content } from './write-atomic.js'
export { dtypeBits, type Dtype, type RawTensor } from './dtype.js'
export { BeyondFloat32, fillFloat32, toFloat32 } from './to-float32.js'
export { fromFloat32, writableFloats, type FloatDtype, type WrittenFloats } from './from-float32.js'
export { fromTyped, type NumericArray } from './from-typed.js'
export type { TensorInfo } from './safetensors-header.js'
export { openSafetensors, readSafetensors } from './open-safetensors.js'
export type { Safetensors, SafetensorsFile } from './safetensors-view.js'
export { streamSafetensors, writeSafetensors } from './safetensors.js'
export type { TensorBytes, TensorSource, WritableTensor } from './written-tensors.js'
export { openCheckpoint, type Checkpoint } from './open-checkpoint.js'
export { loadRun, saveRun, type SavedRun } from './saved-run.js'
export { writeShards } from './write-shards.js'
export { safetensorsFiles, type CheckpointFile } from './checkpoint-files.js'
export { openGguf } from './gguf/open-gguf.js'
export { writeGguf } from './gguf/write-gguf.js'
export {
  ggufContent,
  type GgufContent,
  type GgufMetadata,
  type GgufTensorSource,
} from './gguf/gguf-content.js'
export type { GgufNumber, GgufScalarType, WritableGgufValue } from './gguf/writable-value.js'
export { ggufLayout, type GgufLayout, type GgufPlace } from './gguf/gguf-layout.js'
export type { GgufFile } from './gguf/gguf-view.js'
export type { GgufTensorInfo } from './gguf/gguf-header.js'
export type { GgufNumbers, GgufValue } from './gguf/gguf-values.js'
export { ggufValue, type GgufKinds } from './gguf/gguf-metadata.js'
export { hfTensors, type HfTensorInfo, type HfTensors } from './gguf/hf-tensors.js'
export { hfConfig } from './gguf/hf-config.js'
export { castFile, type CastFileOptions } from './cast/cast-file.js'
export type { CastOptions, CastSummary } from './cast/cast-sources.js'
export { CastOptionError } from './cast/check-cast-options.js'
export { gridMetadata, gridRecord, type GridRecord } from './cast/cast-metadata.js'
export { inspectWeights, type InspectedWeight } from './cast/inspect-weights.js'
export type { KnownLayout } from './cast/known-layouts.js'
export type { QuantizedWeight } from './cast/quantized-weights.js'
export { recordedGrid, type GridWish, type RecordedGrid } from './cast/recorded-grid.js'
export { readWeight } from './cast/read-weight.js'
export { readableWeights, type ReadableWeights } from './cast/readable-weights.js'
export {
  readQuantized,
  weightGrids,
  type ReadQuantizedOptions,
  type WeightGrid,
} from './cast/read-quantized.js'
export {
  planWeights,
  type ChosenWeight,
  type KeptTensor,
  type WeightChoice,
  type WeightPlan,
} from './cast/weight-plan.js'
export { addSums, ratiosOf, type WeightRatios, type WeightSums } from './cast/weight-statistics.js'

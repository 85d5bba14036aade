// The public surface of @lotion/checkpoints.
export { removeAbandoned, temporaryBeside } from './temporary-name.js'
export { writeAtomic, type Content } from './write-atomic.js'
export { dtypeBits, type Dtype, type RawTensor } from './dtype.js'
export { BeyondFloat32, fillFloat32, toFloat32 } from './to-float32.js'
export { fromFloat32, writableFloats, type FloatDtype, type WrittenFloats } from './from-float32.js'
export { fromTyped, type NumericArray } from './from-typed.js'
export type { TensorInfo } from './safetensors-header.js'
export {
  openSafetensors,
  readSafetensors,
  type Safetensors,
  type SafetensorsFile,
} from './open-safetensors.js'
export {
  streamSafetensors,
  writeSafetensors,
  type TensorBytes,
  type TensorSource,
  type WritableTensor,
} from './safetensors.js'
export { openCheckpoint, type Checkpoint } from './open-checkpoint.js'
export { writeShards } from './write-shards.js'

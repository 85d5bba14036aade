// The public surface of @lotion/checkpoints.
export { removeAbandoned, temporaryBeside } from './temporary-name.js'
export { writeAtomic, type Content } from './write-atomic.js'
export { dtypeBits, fromTyped, toFloat32, type Dtype, type RawTensor } from './dtype.js'
export {
  openSafetensors,
  readSafetensors,
  streamSafetensors,
  writeSafetensors,
  type Safetensors,
  type SafetensorsFile,
  type TensorSource,
} from './safetensors.js'

// The index of targets: a new one is a file and a line here. Comes in: nothing. Goes out: their records.
export { ggufTarget } from './gguf.js'
export { hfTarget } from './hf.js'
export { compressedTensorsTarget } from './compressed-tensors.js'
export { mlxTarget } from './mlx.js'
export { onnxTarget } from './onnx.js'

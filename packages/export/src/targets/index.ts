// The targets of this package; adding one is its file and one line here.
export { onnxTarget } from './onnx.js'

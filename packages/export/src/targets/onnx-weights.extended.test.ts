// Every format in every kind of blocks.
import './onnx-weights.test.js'

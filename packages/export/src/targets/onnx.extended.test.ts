// Every model in every format.
import './onnx.test.js'

// All of the steps.
import './webgpu.test.js'

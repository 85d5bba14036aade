// The laws of the mode 'cpu' too, and all layouts.
import './gpu-executor.test.js'

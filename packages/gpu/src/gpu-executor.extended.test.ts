// The laws of the mode 'cpu' too.
import './gpu-executor.test.js'

// Formats of every kind.
import './compare-kernels.test.js'

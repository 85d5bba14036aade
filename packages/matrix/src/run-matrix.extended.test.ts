// All of the functions, and all that devices get.
import './run-matrix.test.js'

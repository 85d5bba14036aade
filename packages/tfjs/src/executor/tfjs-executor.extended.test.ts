// All of the random formulas.
import './tfjs-executor.test.js'

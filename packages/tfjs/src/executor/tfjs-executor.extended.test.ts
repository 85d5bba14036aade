// All of the random formulas and steps.
import './tfjs-executor.test.js'

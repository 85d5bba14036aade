// All of the random formulas.
import './random-formulas.test.js'

// All of the random formulas.
import './memory-banks.test.js'

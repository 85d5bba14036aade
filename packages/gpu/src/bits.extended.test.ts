// All of the operands and random formulas.
import './bits.test.js'

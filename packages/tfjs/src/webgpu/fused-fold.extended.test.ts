// All of the random formulas.
import './fused-fold.test.js'

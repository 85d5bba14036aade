// All of the steps.
import './lotion-optimizer.test.js'

// All of the steps.
import './training-memory.test.js'

// All of the steps.
import './step.test.js'

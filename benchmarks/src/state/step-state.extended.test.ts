// All of the options.
import './step-state.test.js'

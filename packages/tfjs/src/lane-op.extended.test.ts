// All of the steps.
import './lane-op.test.js'

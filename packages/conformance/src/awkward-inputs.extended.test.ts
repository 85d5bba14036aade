// All of the long blocks.
import './awkward-inputs.test.js'

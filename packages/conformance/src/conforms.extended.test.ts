// All of the formats.
import './conforms.test.js'

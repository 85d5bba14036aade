// Every format in every layout.
import './piecewise.test.js'

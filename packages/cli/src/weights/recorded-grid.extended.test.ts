// All of the formats.
import './recorded-grid.test.js'

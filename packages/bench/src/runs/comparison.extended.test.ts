// In two processes too.
import './comparison.test.js'

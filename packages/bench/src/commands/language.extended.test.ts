// Tuned, in two processes too.
import './language.test.js'

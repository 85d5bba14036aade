// In two processes too.
import './language.test.js'

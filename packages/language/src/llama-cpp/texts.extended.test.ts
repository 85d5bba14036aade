// The same, of 1,500 texts and of larger published encodings.
import './texts.test.js'

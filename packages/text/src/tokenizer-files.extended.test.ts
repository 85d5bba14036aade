// The same, of all published encodings.
import './tokenizer-files.test.js'

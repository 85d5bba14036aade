import { conforms } from '@lotion/conformance/vitest'
import { myFormat } from './my-format.js'

conforms('format', myFormat)

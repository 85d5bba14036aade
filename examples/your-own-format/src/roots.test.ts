import { conforms } from '@lotion/conformance/vitest'
import { roots } from './roots.js'

conforms('format', roots)

import { conforms } from '@lotion/conformance/vitest'
import { cautious } from './cautious.js'

conforms('noise', cautious)

import { conforms } from '@lotion/conformance/vitest'
import { myNoise } from './my-noise.js'

conforms('noise', myNoise)

// Draws the noise into cautious.svg: npm run picture
import { writeFileSync } from 'node:fs'
import { noisePicture } from '@lotion/conformance'
import { cautious } from './cautious.js'

writeFileSync(new URL('../cautious.svg', import.meta.url), noisePicture(cautious))

// Formats by name, for command lines. Comes in: a name. Goes out: a format.
// Source: the index of built-in formats.

import type { NumberFormat } from '@lotion/core'
import { fp4 } from './fp4.js'
import { fp6E2m3 } from './fp6-e2m3.js'
import { fp6E3m2 } from './fp6-e3m2.js'
import { fp8E4m3 } from './fp8-e4m3.js'
import { fp8E5m2 } from './fp8-e5m2.js'
import { ggufMxfp4 } from './gguf-mxfp4.js'
import { int2 } from './int2.js'
import { int3 } from './int3.js'
import { int4 } from './int4.js'
import { int8 } from './int8.js'
import { mxfp4 } from './mxfp4.js'
import { mxfp6E2m3 } from './mxfp6-e2m3.js'
import { mxfp6E3m2 } from './mxfp6-e3m2.js'
import { mxfp8E4m3 } from './mxfp8-e4m3.js'
import { mxfp8E5m2 } from './mxfp8-e5m2.js'
import { mxint8 } from './mxint8.js'
import { nf4 } from './nf4.js'
import { nvfp4 } from './nvfp4.js'
import { q4_0 } from './q4-0.js'
import { q8_0 } from './q8-0.js'

/** Every built-in format. */
export const builtInFormats: readonly NumberFormat[] = Object.freeze([
  int8,
  int4,
  int3,
  int2,
  fp4,
  nf4,
  fp8E4m3,
  fp8E5m2,
  fp6E3m2,
  fp6E2m3,
  mxfp4,
  mxfp6E3m2,
  mxfp6E2m3,
  mxfp8E4m3,
  mxfp8E5m2,
  mxint8,
  nvfp4,
  q4_0,
  q8_0,
  ggufMxfp4,
])

/** Find a format by name. @throws listing the known names. */
export function formatByName(name: string, formats: readonly NumberFormat[] = builtInFormats): NumberFormat {
  const found = formats.find((format) => format.name === name)
  if (!found)
    throw new RangeError(`format: expected one of ${formats.map((f) => f.name).join(', ')}, found '${name}'`)
  return found
}

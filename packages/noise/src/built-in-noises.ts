// The catalogue of noises. Comes in: the index of those that are built in. Goes out: a list.
// Source: docs/design/05-smooth-noises.md.

import type { Family, Noise } from '@lotion/core'
import { familiesOf, isNoise } from '@lotion/core/internal'
import * as builtIn from './built-in.js'

/** Every built-in noise, by name; those with a parameter are one family each. */
export const builtInNoises: readonly Family<Noise>[] = familiesOf(builtIn, isNoise)

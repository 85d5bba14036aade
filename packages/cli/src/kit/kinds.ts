// The kinds of plugins that words choose. Comes in: the packages' catalogues. Goes out: kinds.
// Source: docs/design/01-architecture.md (catalogues).

import { isFormat, isNoise, type Noise, type NumberFormat } from '@lotion/core'
import { builtInFormats } from '@lotion/formats'
import { builtInNoises } from '@lotion/noise'
import { definePluginKind, familiesOfOne, type PluginKind } from './plugin-words.js'

/** Number formats. */
export const formatKind: PluginKind<NumberFormat> = definePluginKind({
  name: 'format',
  families: familiesOfOne(builtInFormats),
  isOne: isFormat,
})

/** Noises. */
export const noiseKind: PluginKind<Noise> = definePluginKind({
  name: 'noise',
  families: builtInNoises,
  isOne: isNoise,
})

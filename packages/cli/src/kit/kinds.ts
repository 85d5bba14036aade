// The kinds of plugins that words choose. Comes in: the packages' catalogues. Goes out: kinds.
// Source: docs/design/01-architecture.md (catalogues).

import type { FisherEstimator, Noise, NumberFormat, Transformation } from '@lotion/core'
import { familyOfOne, isFisher, isFormat, isNoise, isTransformation } from '@lotion/core/internal'
import { builtInFishers } from '@lotion/fisher'
import { builtInFormats, builtInScales, knownFormats, scaleByName, withScale } from '@lotion/formats'
import { builtInNoises } from '@lotion/noise'
import {
  builtInMethods,
  builtInOptimizers,
  type Method,
  type MethodContext,
  type OptimizerContext,
} from '@lotion/optim'
import { isMethod } from '@lotion/optim/internal'
import { definePluginKind, type PluginKind } from './plugin-words.js'

/** Number formats. */
export const formatKind: PluginKind<NumberFormat> = definePluginKind({
  name: 'format',
  families: builtInFormats.map((format) => familyOfOne(format)),
  isOne: isFormat,
  refuse: (format) => void knownFormats([format]),
  variants: {
    what: 'scale rule',
    names: builtInScales.map(({ name }) => name),
    example: 'int4:mse-clip',
    make: (format, name) => (format.scale.name === name ? format : withScale(format, scaleByName(name))),
  },
})

/** Noises. */
export const noiseKind: PluginKind<Noise> = definePluginKind({
  name: 'noise',
  families: builtInNoises,
  isOne: isNoise,
})

/** Fisher estimators. */
export const fisherKind: PluginKind<FisherEstimator> = definePluginKind({
  name: 'fisher',
  families: builtInFishers,
  isOne: isFisher,
})

/** Optimizers: transformations, made from a learning rate. */
export const optimizerKind: PluginKind<Transformation, OptimizerContext> = definePluginKind({
  name: 'optimizer',
  ofRun: 'learning rate',
  families: builtInOptimizers.filter(({ untyped }) => untyped === undefined),
  isOne: isTransformation,
})

/** Methods, made from a format. */
export const methodKind: PluginKind<Method, MethodContext> = definePluginKind({
  name: 'method',
  ofRun: 'format',
  families: builtInMethods,
  isOne: isMethod,
})

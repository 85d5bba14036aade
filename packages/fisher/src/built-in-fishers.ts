// The catalogue of Fisher estimators. Comes in: the index of those that are built in. Goes out: a list.
// Source: docs/design/03-formats-and-methods.md.

import type { Family, FisherEstimator } from '@lotion/core'
import { familiesOf, isFisher } from '@lotion/core/internal'
import * as builtIn from './built-in.js'

/** Every built-in Fisher estimator, by name. */
export const builtInFishers: readonly Family<FisherEstimator>[] = familiesOf(builtIn, isFisher)

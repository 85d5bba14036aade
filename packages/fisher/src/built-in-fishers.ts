// The catalogue of Fisher estimators. Comes in: the index of those that are built in. Goes out: a list.
// Source: docs/design/03-formats-and-methods.md.

import { familiesOf, isFisher, type Family, type FisherEstimator } from '@lotion/core'
import * as builtIn from './built-in.js'

/** Every built-in Fisher estimator, by name. */
export const builtInFishers: readonly Family<FisherEstimator>[] = familiesOf(builtIn, isFisher)

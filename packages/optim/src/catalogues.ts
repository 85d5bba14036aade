// The catalogues of methods and optimizers. Comes in: the indices of those that are built in. Goes out:
// lists.
// Source: docs/design/01-architecture.md (catalogues).

import type { Family, Transformation } from '@lotion/core'
import { familiesOf, isTransformation } from '@lotion/core/internal'
import * as methods from './built-in-methods.js'
import * as optimizers from './built-in-optimizers.js'
import { isMethod } from './check-plugins.js'
import type { MethodContext, OptimizerContext } from './family-contexts.js'
import type { Method } from './method.js'

/** Every built-in method, baselines first: those without a number to tune, then the others, by name. */
export const builtInMethods: readonly Family<Method, MethodContext>[] = Object.freeze(
  familiesOf<Method, MethodContext>(methods, isMethod).toSorted(
    (a, b) => Number(isTuned(a)) - Number(isTuned(b)),
  ),
)

/** Every built-in optimizer, by name. */
export const builtInOptimizers: readonly Family<Transformation, OptimizerContext>[] = familiesOf<
  Transformation,
  OptimizerContext
>(optimizers, isTransformation)

function isTuned({ numbers }: Family<unknown, never>): boolean {
  return Object.values(numbers).some(({ tries }) => tries !== undefined)
}

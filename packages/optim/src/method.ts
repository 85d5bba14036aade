// Methods of training for quantized weights, as values of one type. Comes in: a format. Goes out: a method.
// Source: docs/design/03-formats-and-methods.md.

import { checkFormat, type LaneFn, type NumberFormat, type Transformation } from '@lotion/core'
import { checkMethod, checkTransformation } from './check-plugins.js'
import { askRule, type QuantizeRule } from './quantize-rule.js'
import { chain, defineTransformation, quantized } from './transformation.js'

/** Where the gradient is taken and what is added to the optimizer: all that tells one method from another. */
export interface Method {
  readonly name: string
  readonly format: NumberFormat
  /** Point of the gradient, from `w` (and uniforms `u`); at the weights themselves if absent. */
  readonly point?: LaneFn
  /** Added to the task's gradient before the optimizer. */
  readonly penalty?: Transformation
  /** Added to the optimizer's update; it may read the scalar `step` = −learning rate of the named optimizer. */
  correction?(optimizer: string): Transformation
  /** What was chosen, for records. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
}

/** Make a method; the record is frozen. @throws if its format is none. */
export function defineMethod(method: Omit<Method, 'settings'> & Partial<Pick<Method, 'settings'>>): Method {
  checkFormat(`${method.name}: format`, method.format)
  return Object.freeze({ ...method, settings: Object.freeze({ ...method.settings }) })
}

/**
 * Join a method and an optimizer: what stands `before` (such as clipping of the task's gradient), then the method's
 * penalty, the optimizer, the method's correction. Penalty and correction apply to quantized parameters only, their blocks along
 * the rule's axis.
 * The result knows the method's point (`quantizes`), which an updater asks for at every step.
 * A correction is told the last part that has a scalar `step`, or the optimizer's name if none has.
 * @throws if the method or a transformation is none.
 */
export function withMethod(
  method: Method,
  optimizer: Transformation,
  quantize: QuantizeRule,
  before: readonly Transformation[] = [],
): Transformation {
  checkMethod('method', method)
  for (const part of [...before, optimizer])
    checkTransformation(part === optimizer ? 'optimizer' : 'before', part)
  const penalty = method.penalty ? [quantized(quantize, method.penalty)] : []
  const uncorrected = chain(...before, ...penalty, optimizer)
  const stepping = uncorrected.parts?.findLast((part) => part.scalarNames.includes('step'))
  const corrected = method.correction
    ? chain(uncorrected, quantized(quantize, method.correction(stepping?.name ?? optimizer.name)))
    : uncorrected
  const { name, format, point } = method
  return defineTransformation({
    ...corrected,
    quantizes: (parameter) => {
      const found = askRule(quantize, parameter)
      return found && { method: name, format, axis: found.axis, ...(point ? { point } : {}) }
    },
  })
}

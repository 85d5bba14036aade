// Methods of training for quantized weights, as values of one type. Comes in: a format. Goes out: a method.
// Source: docs/design/03-formats-and-methods.md.

import {
  type BlockAxis,
  type LaneFn,
  type NumberFormat,
  type ParameterInfo,
  type Transformation,
} from '@lotion/core'
import { checkFormat, refuseUnknownKeys } from '@lotion/core/internal'
import { checkMethod, checkTransformation } from './check-plugins.js'
import { askRule, type QuantizeRule } from './quantize-rule.js'
import { OWN_STEP_SIZE } from './step-size.js'
import { transformationOf } from './define-transformation.js'
import type { TrainedValues } from './trained-values.js'
import { chain, quantized } from './transformation.js'

/** What a correction may know of the optimizer whose update it corrects. */
export interface Corrected {
  /** To be borrowed: the step size of each parameter's own optimizer. An error if that declares none. */
  readonly stepSize: string
}

/** Where the gradient is taken and what is added to the optimizer: all that tells one method from another. */
export interface Method {
  /** Stands in records and error messages, such as `lotion`. */
  readonly name: string
  /** What quantized parameters are trained for. */
  readonly format: NumberFormat
  /** Point of the gradient, from `w` (and uniforms `u`, trained values); at the weights if absent. */
  readonly point?: LaneFn
  /** Values that it trains beside the weights: its point is the nearest cast of the weights they settle. */
  readonly trains?: TrainedValues
  /** Added to the task's gradient before the optimizer. */
  readonly penalty?: Transformation
  /**
   * Added to the optimizer's update.
   * @param optimizer What may be borrowed from it.
   */
  correction?(optimizer: Corrected): Transformation
  /**
   * Make the same method for another format, that of a parameter with one of its own; without it such
   * parameters are refused.
   * @param format What they are trained for.
   */
  for?(format: NumberFormat): Method
  /** What was chosen, for records. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
}

/**
 * Make a method; the record is frozen.
 * @param method Its members; `settings` may be left out, for a method that has none, and `point`, where it is
 * the weights or `trains` makes it.
 * @throws TypeError if a key is unknown, or its format, point or penalty is none.
 * @example
 * ```ts
 * import { castNearest } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { defineMethod } from '@lotion/optim'
 *
 * console.log(defineMethod({ name: 'straight-through', format: int4, point: castNearest(int4) }).name)
 * ```
 */
export function defineMethod(
  method: Omit<Method, 'settings' | 'point'> &
    Partial<Pick<Method, 'settings'>> & {
      readonly point?: LaneFn<'w', never, 'w'> | LaneFn<'w' | 'u', never, 'w'>
    },
): Method {
  const { name, format, trains, penalty, point = trains?.point(format) } = method
  refuseUnknownKeys(name, method, {
    name: true,
    format: true,
    point: true,
    trains: true,
    penalty: true,
    correction: true,
    for: true,
    settings: true,
  })
  checkFormat(`${name}: format`, format)
  if (trains && method.point)
    throw new TypeError(`${name}: point: expected none beside trains, which makes it; leave it out`)
  if (method.point) checkPoint(`${name}: point`, method.point)
  if (penalty) checkTransformation(`${name}: penalty`, penalty)
  const settings = Object.freeze({ ...method.settings })
  return Object.freeze({ ...method, ...(point ? { point } : {}), settings })
}

/** @throws unless a point is made of the weight and uniforms alone. */
function checkPoint(what: string, { inputs, scalars, outputs }: LaneFn): void {
  const stray = [...inputs, ...scalars].find(
    (name) => name !== 'w' && (name !== 'u' || scalars.includes(name)),
  )
  if (stray === undefined && outputs.join() === 'w') return
  throw new TypeError(
    `${what}: expected a formula from w (and uniforms u) to w, found one from ${[...inputs, ...scalars].join(', ')} to ` +
      `${outputs.join(', ')}; nothing else is known where a gradient is taken`,
  )
}

/**
 * Join a method and an optimizer: what stands `before` (such as clipping of the task's gradient), then what
 * trains the method's values, its penalty, the optimizer, the method's correction. What is the method's
 * applies to quantized parameters only, their blocks along the rule's axis.
 * The result knows the method's point (`quantizes`), which an updater asks for at every step.
 * A correction may borrow the step size of the last part of its parameter that declares one; where there is
 * none, `createUpdater` refuses it.
 * @param method Says format, point, penalty and correction.
 * @param optimizer A transformation or a chain of them without a method of its own.
 * @param quantize Which parameters the method applies to, and their axes; all others see the optimizer only.
 * @param before Applied to the task's gradient first, in this order. Default: nothing.
 * @throws TypeError if the method or a transformation is none, or a transformation has a method already.
 * @example
 * ```ts
 * import { int4 } from '@lotion/formats'
 * import { adamw, byName, clipByGlobalNorm, lotion, withMethod } from '@lotion/optim'
 *
 * const [method, optimizer] = [lotion({ format: int4 }), adamw({ learningRate: 1e-3 })]
 * const transformation = withMethod(method, optimizer, byName(), [clipByGlobalNorm(1)])
 * console.log(transformation.slots)
 * ```
 */
export function withMethod(
  method: Method,
  optimizer: Transformation,
  quantize: QuantizeRule,
  before: readonly Transformation[] = [],
): Transformation {
  checkMethod('method', method)
  for (const part of [...before, optimizer]) {
    const option = part === optimizer ? 'optimizer' : 'before'
    checkTransformation(option, part)
    // Its point would be lost under this method's.
    if (part.quantizes)
      throw new TypeError(
        `${option}: expected a transformation without a method, found '${part.name}', which trains for a format already; ` +
          'give its parts, and its method as the method',
      )
  }
  const made = new Map<NumberFormat | undefined, Method>([[undefined, method]])
  const own = (format?: NumberFormat): Method => {
    const known = made.get(format) ?? madeFor(method, format!)
    made.set(format, known)
    return known
  }
  const correct = ({ correction }: Method) => correction?.({ stepSize: OWN_STEP_SIZE })
  const onQuantized = (of: (method: Method) => Transformation | undefined): readonly Transformation[] => {
    const part = of(method)
    return part ? [quantized(quantize, part, (format) => of(own(format)))] : []
  }
  const penalty = onQuantized((each) => each.penalty)
  const values = method.trains ? [trainedPart(method, optimizer, quantize, own)] : []
  return transformationOf({
    ...chain(...before, ...values, ...penalty, optimizer, ...onQuantized(correct)),
    quantizes: (parameter) => {
      const found = askRule(quantize, parameter)
      if (!found) return null
      const mine = own(found.format)
      const { name, format, point, trains } = mine
      return {
        method: name,
        format,
        axis: found.axis,
        ...(point ? { point } : {}),
        ...(trains ? { settled: trains.ending } : {}),
      }
    },
  })
}

/** The part that trains a method's values; its declared slots are those of any parameter. */
function trainedPart(
  method: Method,
  optimizer: Transformation,
  quantize: QuantizeRule,
  own: (format?: NumberFormat) => Method,
): Transformation {
  const of = (each: Method, axis: BlockAxis, parameter: ParameterInfo): Transformation | null => {
    const { name, format, trains } = each
    return trains ? trains.part({ name, format, axis, optimizer, since: trains.since ?? 0 }, parameter) : null
  }
  return transformationOf({
    ...of(method, 0, { name: method.name, shape: [1] })!,
    resolve: (parameter) => {
      const found = askRule(quantize, parameter)
      return found && of(own(found.format), found.axis, parameter)
    },
  })
}

/** @throws TypeError if a method knows no format but its own. */
function madeFor(method: Method, format: NumberFormat): Method {
  if (format === method.format) return method
  if (method.for) return method.for(format)
  throw new TypeError(
    `quantize: expected ${method.format.name}, the format of '${method.name}', found ${format.name}; give the method a function \`for\``,
  )
}

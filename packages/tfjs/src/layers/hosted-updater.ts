// A method around an optimizer of tfjs: its penalty goes into the gradient, its correction onto the update.
// Comes in: a method, a `tf.Optimizer`. Goes out: an updater for `lotionOptimizer`, which sees to the point.
// Source: docs/design/09-tfjs.md (the door).

import { mapTree, type Executor, type Shape, type Transformation, type Tree } from '@lotion/core'
import { createUpdater, defineMethod, defineTransformation, withMethod } from '@lotion/optim'
import type { Method, QuantizeRule, Updater } from '@lotion/optim'
import type * as tfjs from '@tensorflow/tfjs-core'
import { rateOf } from './inner-rate.js'
import type { Rated } from './named-updater.js'
import { steered, type Steering } from './steered.js'

type Tensor = tfjs.Tensor

/** What a method is joined with. */
export interface Hosting {
  readonly tf: typeof tfjs
  readonly inner: tfjs.Optimizer
  readonly method: Method
  readonly quantize: QuantizeRule
  readonly executor: Executor<Tensor>
  readonly steering: Steering
  /** Names of all variables that the optimizer has met, in order: its accumulators are told by position. */
  readonly met: string[]
  /** The name of a parameter's variable, by which the optimizer finds it. */
  readonly variableOf: (name: string) => string
}

/** Optimizers of tfjs that move a weight by step size times gradient, as far as that is new. */
const linearOptimizers = new Set(['SGD', 'Momentum'])

/** Make the updater of some variables; optimizer and `met` are shared by all. */
export function hostedUpdater(hosting: Hosting, shapes: Tree<Shape>): Rated {
  const { tf, inner, method, quantize } = hosting
  const own = Object.fromEntries(Object.entries(shapes).filter(([name, shape]) => quantize({ name, shape })))
  const before = Object.keys(own).length > 0 ? partOf(hosting, own, 'penalty') : undefined
  const after =
    Object.keys(own).length > 0 && method.correction ? partOf(hosting, own, 'correction') : undefined
  const parts = [before, after].flatMap((part) => part ?? [])
  /** The slots of one updater among those of both. */
  const slotsOf = ({ slots }: Updater<Tensor>, state: Tree<Tree<Tensor>>): Tree<Tree<Tensor>> =>
    mapTree(slots, (names, name) => Object.fromEntries(names.map((slot) => [slot, state[name]![slot]!])))
  return {
    quantized: { ...mapTree(shapes, () => null), ...before?.quantized },
    needs: before?.needs ?? [],
    ...(before?.point ? { point: before.point } : {}),
    rates: (at) => {
      const [lambda] = parts.flatMap((part) => part.rates(at).lambda ?? [])
      const learningRate = rateOf(inner)
      return {
        ...(learningRate === undefined ? {} : { learningRate }),
        ...(lambda === undefined ? {} : { lambda }),
      }
    },
    init: () => {
      const made = parts.map((part) => part.init())
      return mapTree(shapes, (_, name) => Object.assign({}, ...made.map((slots) => slots[name])))
    },
    step: (params, state, result, at) => {
      const kept = after ? mapTree(own, (_, name) => tf.clone(params[name]!)) : {}
      const { gradients } = result
      const pick = (tree: Tree<Tensor>) => mapTree(own, (_, name) => tree[name]!)
      let given = gradients
      if (before && method.penalty) {
        before.step(pick(params), slotsOf(before, state), { ...result, gradients: pick(gradients) }, at)
        given = { ...gradients, ...mapTree(own, (_, name) => state[name]![GRADIENT]!) }
      }
      hosting.met.push(...Object.keys(params).filter((name) => !hosting.met.includes(name)))
      // Those without a gradient keep their place: an optimizer of tfjs tells its accumulators by it.
      const placed = hosting.met.map((name) => [hosting.variableOf(name), given[name] ?? null] as const)
      inner.applyGradients(Object.fromEntries(placed) as tfjs.NamedTensorMap)
      if (after) {
        const updates = mapTree(kept, (w, name) => tf.sub(params[name]!, w))
        for (const [name, w] of Object.entries(kept)) (params[name] as tfjs.Variable).assign(w)
        after.step(pick(params), slotsOf(after, state), { ...result, gradients: updates }, at)
      }
    },
  }
}

/** The slot that holds the gradient with the penalty's slope. */
const GRADIENT = 'handed over.given'

/** A method's part before the optimizer, or behind it, as an updater of the quantized variables. */
function partOf(
  { inner, method, quantize, executor, steering }: Hosting,
  shapes: Tree<Shape>,
  part: 'penalty' | 'correction',
): Updater<Tensor> {
  const keeps = part === 'penalty' && method.penalty !== undefined
  const transformation = withMethod(only(method, part), standIn(inner, keeps), quantize)
  return createUpdater({ transformation: steered(transformation, steering), shapes, executor })
}

/** What stands where the optimizer does: it keeps what it is given, or passes on what the optimizer did. */
function standIn(inner: tfjs.Optimizer, keeps: boolean): Transformation {
  const declared =
    rateOf(inner) === undefined
      ? {}
      : ({
          stepSize: 'rate',
          linear: linearOptimizers.has(inner.getClassName()),
          scalars: () => ({ rate: rateOf(inner)! }),
        } as const)
  if (!keeps)
    return defineTransformation({ ...declared, name: 'tf.Optimizer', update: ({ update }) => ({ update }) })
  return defineTransformation({
    ...declared,
    name: 'handed over',
    slots: ['given'],
    // The weight stays where it is: the optimizer moves it.
    update: ({ update }) => ({ update: update.sub(update), given: update }),
  })
}

/** A method with its point and one of its parts. */
function only(method: Method, part: 'penalty' | 'correction'): Method {
  const { name, format, point, penalty } = method
  const made = defineMethod({
    name,
    format,
    ...(part === 'penalty' && penalty ? { penalty } : {}),
    ...(part === 'correction' ? { correction: (optimizer) => method.correction!(optimizer) } : {}),
    ...(method.for ? { for: (other) => only(method.for!(other), part) } : {}),
  })
  return part === 'penalty' && point ? { ...made, point } : made
}

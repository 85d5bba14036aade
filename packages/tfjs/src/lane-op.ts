// Lane functions inside a differentiable tfjs computation: value and slope both from the formula's graph.
// Comes in: a lane function. Goes out: a function of tensors with a gradient. Source: docs/design/09-tfjs.md.

import {
  defineLanes,
  gradient,
  layoutOf,
  perTensor,
  trace,
  type Block,
  type BlockAxis,
  type BlockLayout,
  type Executor,
  type Lane,
  type LaneFn,
  type Rate,
  type Shape,
  type Tree,
} from '@lotion/core'
import { isOnce } from '@lotion/core/internal'
import * as defaultTf from '@tensorflow/tfjs-core'
import './gradients/core-gradients.js'
import { blockView } from './executor/block-view.js'
import { tfjsExecutor } from './executor/tfjs-executor.js'
import { untaped } from './executor/untaped.js'

type Tf = typeof defaultTf
type Tensor = defaultTf.Tensor

/** How a lane function becomes an operation. */
export interface LaneOpOptions {
  /** The instance of tfjs. Default: the imported `@tensorflow/tfjs-core`. */
  readonly tf?: Tf
  /** Default: `tfjsExecutor({ tf })`. */
  readonly executor?: Executor<Tensor>
  /** Which output is the operation's value. Default: the first. */
  readonly output?: string
  /** Inputs to differentiate by; the others are constants. Default: all inputs, no scalars. */
  readonly by?: readonly string[]
  /** Blocks of block reductions, such as a format's. Default: one block a tensor. */
  readonly block?: Block
  /** What the blocks run along. Default −1: the last axis. */
  readonly axis?: BlockAxis
}

/**
 * Inputs and scalars of a lane function by name; a number stands for every weight.
 * @param inputs Tensors of one shape, float32; scalars as numbers.
 */
export type LaneOp = (inputs: Tree<Tensor | number>) => Tensor

/**
 * Make a differentiable operation from a lane function, for losses of plain tfjs (`tf.variableGrads`,
 * `optimizer.minimize`, layers). Its value has the shape of the inputs, `[blocks]` or `[]`, by the rate of
 * the output. Its gradient is the formula's `gradient`, through the blocks' scales too; a total counts this
 * tensor alone. There is no second derivative.
 * @param fn What is computed; its inputs and scalars are the operation's.
 * @throws RangeError if `output` or `by` name nothing of the formula, TypeError if the output has no
 * derivative by one of them (see `gradient`).
 * @example
 * ```ts
 * import { perRow } from '@lotion/core'
 * import { int4, withBlock } from '@lotion/formats'
 * import { randomizedRounding } from '@lotion/noise'
 * import { smoothingPenalty } from '@lotion/optim'
 * import { laneOp } from '@lotion/tfjs'
 * import * as tf from '@tensorflow/tfjs-core'
 * import '@tensorflow/tfjs-backend-cpu'
 *
 * const fn = smoothingPenalty(withBlock(int4, perRow), randomizedRounding)
 * const penalty = laneOp(fn, { by: ['w'], block: perRow })
 * const w = tf.tensor2d([[0.31, -1.2]])
 * penalty({ w, fisher: tf.onesLike(w) }).print()
 * ```
 */
export function laneOp(fn: LaneFn, options: LaneOpOptions = {}): LaneOp {
  const { by = fn.inputs } = options
  const op = operation(fn, options)
  const backward = slopes(fn, op.output, by)
  return (inputs) =>
    op.run(inputs, by, (dy, given, layout, like) => {
      const output = trace(fn).outputs[op.output]!
      const view = blockView(op.tf, layout)
      const dyPerWeight =
        output.rate === 'block'
          ? view.join(op.tf.broadcastTo(op.tf.reshape(dy, view.blockShape), view.shape), like)
          : isOnce(output)
            ? op.tf.reshape(dy, [])
            : dy
      const [found] = op.executor.lanes([
        { fn: backward, inputs: { ...given, [SLOPE]: dyPerWeight }, layout },
      ])
      return by.map((name) => found![name]!)
    })
}

/**
 * Make an operation whose gradient is that of the identity: a cast in the forward pass that training sees
 * through. The output must be one value a weight. Source: straight-through estimation, Bengio et al., arXiv
 * 1308.3432.
 * @param fn What is computed forward, such as `castNearest(format)`.
 * @throws RangeError if `output` or `by` name nothing of the formula, or `by` names more than one input;
 * TypeError if the output is not one value a weight.
 * @example
 * ```ts
 * import { castNearest, perRow } from '@lotion/core'
 * import { int4, withBlock } from '@lotion/formats'
 * import { straightThrough } from '@lotion/tfjs'
 * import * as tf from '@tensorflow/tfjs-core'
 * import '@tensorflow/tfjs-backend-cpu'
 *
 * const cast = straightThrough(castNearest(withBlock(int4, perRow)), { block: perRow })
 * cast({ w: tf.tensor2d([[0.31, -1.2]]) }).print()
 * ```
 */
export function straightThrough(fn: LaneFn, options: LaneOpOptions = {}): LaneOp {
  const { by = fn.inputs.slice(0, 1) } = options
  const op = operation(fn, { ...options, by })
  if (by.length !== 1)
    throw new RangeError(
      `${fn.name}: by: expected the one input that the output stands for, found ${by.length}`,
    )
  if (trace(fn).outputs[op.output]!.rate !== 'element')
    throw new TypeError(`${fn.name}: output '${op.output}': expected one value a weight`)
  return (inputs) => op.run(inputs, by, (dy) => [dy.clone()])
}

/** Name of the incoming slope among the inputs of a derived formula: no name of a formula begins like it. */
const SLOPE = '∂loss/∂output'

/** The slopes of Σ y · dy as a formula: the inputs of `fn` and dy → one value a weight for each of `by`. */
function slopes(fn: LaneFn, output: string, by: readonly string[]): LaneFn {
  const { rate } = trace(fn).outputs[output]!
  const once = isOnce({ rate })
  const { inputs, scalars } = fn
  const derived = defineLanes({
    name: `slope of ${fn.name}`,
    inputs: once ? inputs : [...inputs, SLOPE],
    scalars: once ? [...scalars, SLOPE] : scalars,
    outputs: by,
    body: (x) => {
      const y = fn.body(x)[output]!
      const dy = perOutput(x[SLOPE]!, rate, x[inputs[0]!]!)
      return Object.fromEntries(by.map((name) => [name, perWeight(gradient(y.mul(dy), x[name]!), x[name]!)]))
    },
  })
  trace(derived)
  return derived
}

/** A block's slope comes once a weight: each weight carries its share. */
function perOutput(dy: Lane, rate: Rate, weight: Lane): Lane {
  if (rate !== 'block') return dy
  const one = weight.less(weight, 0, 1)
  return dy.div(one.blockSum())
}

/** One value a weight, whatever the rate of the slope: no number is less than itself. */
function perWeight(slope: Lane, weight: Lane): Lane {
  return slope.node.rate === 'element' ? slope : weight.less(weight, 0, slope)
}

interface Operation {
  readonly tf: Tf
  readonly executor: Executor<Tensor>
  readonly output: string
  run(
    inputs: Tree<Tensor | number>,
    by: readonly string[],
    back: (dy: Tensor, given: Tree<Tensor | number>, layout: BlockLayout, like: Shape) => Tensor[],
  ): Tensor
}

function operation(fn: LaneFn, options: LaneOpOptions): Operation {
  const { tf = defaultTf, executor = tfjsExecutor({ tf }), by = fn.inputs } = options
  const { output = fn.outputs[0], block = perTensor, axis = -1 } = options
  if (output === undefined || !fn.outputs.includes(output)) {
    throw new RangeError(
      `${fn.name}: output: expected one of ${fn.outputs.join(', ')}, found '${String(output)}'`,
    )
  }
  const stray = by.find((name) => !fn.inputs.includes(name))
  if (stray !== undefined || by.length === 0) {
    throw new RangeError(
      `${fn.name}: by: expected some of the inputs ${fn.inputs.join(', ')}, found '${stray ?? ''}'; ` +
        'a scalar is a constant: broadcast it to an input',
    )
  }
  const { rate } = trace(fn).outputs[output]!
  return {
    tf,
    executor,
    output,
    run: (inputs, names, back) => {
      const first = by.map((name) => inputs[name]).find((x) => typeof x === 'object')
      if (!first || by.some((name) => typeof inputs[name] !== 'object')) {
        throw new TypeError(
          `${fn.name}: expected tensors for ${by.join(', ')}, by which it is differentiated; or leave numbers out of 'by'`,
        )
      }
      const layout = layoutOf(first.shape, block, axis)
      const tensors = Object.entries(inputs).filter(
        (entry): entry is [string, Tensor] => typeof entry[1] === 'object',
      )
      // Constants are saved too: what made them may be disposed before the backward pass.
      const ordered = [
        ...by.map((name) => [name, inputs[name] as Tensor] as const),
        ...tensors.filter(([name]) => !by.includes(name)),
      ]
      const differentiable = tf.customGrad((...args) => {
        const save = args.at(-1) as unknown as (saved: Tensor[]) => void
        save(ordered.map(([, x]) => x))
        const [found] = executor.lanes([{ fn, inputs, layout }])
        for (const [name, other] of Object.entries(found!)) if (name !== output) other.dispose()
        const value = found![output]!
        return {
          value: rate === 'element' || rate === 'block' ? value : tf.reshape(value, []),
          gradFunc: (dy, saved) =>
            untaped(tf, () => {
              const given = {
                ...inputs,
                ...Object.fromEntries(ordered.map(([name], i) => [name, saved[i]!])),
              }
              return back(dy, given, layout, first.shape)
            }),
        }
      })
      return differentiable(...names.map((name) => inputs[name] as Tensor))
    },
  }
}

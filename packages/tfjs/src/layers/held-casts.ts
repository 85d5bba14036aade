// A model's quantized weights on the grid for a while, and rebuilt models that stay there. Comes in: a plan.
// Goes out: weights as variables, their casts, a copy of the model.
// Source: `castTree` of @lotion/optim.

import { castNearest, type Executor, type NumberFormat, type Tree } from '@lotion/core'
import { castTree, type QuantizedAxes } from '@lotion/optim'
import type * as tfjs from '@tensorflow/tfjs-core'
import { holdCasts } from '../with-casts.js'
import { layerWeights } from './layer-weights.js'
import type { LayersModel } from './layers-model.js'
import type { PlannedWeight } from './weight-plan.js'

/** What casts a plan's weights. */
export interface Casting {
  readonly tf: typeof tfjs
  readonly executor: Executor<tfjs.Tensor>
  /** The method's. */
  readonly format: NumberFormat
  readonly plan: readonly PlannedWeight[]
}

/** The casts of all quantized weights by the names of their variables: tensors of the current tidy scope. */
function castsOf({ executor, format, plan }: Casting): Tree<tfjs.Tensor> {
  const quantized = plan.filter((each) => each.quantized)
  const formats = new Map(quantized.map((each) => [each.weight.name, each.quantized!.format]))
  const axes: QuantizedAxes = Object.assign(
    new Map(quantized.map((each) => [each.weight.name, each.quantized!.axis])),
    { formats },
  )
  const named = <T>(of: (each: PlannedWeight) => T): Tree<T> =>
    Object.fromEntries(quantized.map((each) => [each.weight.name, of(each)]))
  const params = named(({ weight }) => weight.read())
  const shapes = named(({ shape }) => shape)
  return castTree({ executor, format, cast: castNearest, params, shapes, axes })
}

/** Put a model's weights on the grid; the function that is returned takes them back. */
export function onTheGrid(casting: Casting): () => void {
  const names = casting.plan.flatMap(({ weight, quantized }) => (quantized ? [weight.name] : []))
  const variables = Object.fromEntries(
    casting.plan.map(({ weight }) => [weight.name, weight.read() as tfjs.Variable]),
  )
  return holdCasts(casting.tf, variables, names, () => castsOf(casting))
}

/**
 * Rebuild a model with its weights cast.
 * @param finish What else is done to it.
 * @throws TypeError if its layers cannot be rebuilt from their configuration; then nothing of it is left.
 */
export function castCopy<M extends LayersModel>(model: M, casting: Casting, finish: (copy: M) => void): M {
  const { tf, plan } = casting
  const { registeredVariables } = tf.engine()
  const before = new Set(Object.keys(registeredVariables))
  try {
    const copy = rebuilt(model)
    const targets = layerWeights(copy)
    tf.tidy(() => {
      const casts = castsOf(casting)
      for (const [i, { weight, shape, path }] of plan.entries()) {
        const target = targets[i]
        if (target?.path !== path)
          throw new TypeError(
            `cast: expected '${path}' in the model as rebuilt from its configuration, found ${target ? `'${target.path}'` : 'none'}; ` +
              'correct getConfig of its custom layers',
          )
        target.weight.write(tf.reshape(casts[weight.name] ?? weight.read(), [...shape]))
      }
    })
    finish(copy)
    return copy
  } catch (error) {
    // A model that stands in half is in no hands, and cannot be asked to go.
    for (const [name, variable] of Object.entries(registeredVariables))
      if (!before.has(name)) variable.dispose()
    throw error
  }
}

function rebuilt<M extends LayersModel>(model: M): M {
  const made = model.constructor as unknown as { fromConfig: (made: unknown, config: unknown) => M }
  try {
    return made.fromConfig(made, model.getConfig())
  } catch (error) {
    throw new TypeError(
      `cast: expected a model that can be rebuilt from getConfig, found '${model.name}': ` +
        `${error instanceof Error ? error.message : String(error)}; register custom layers by tf.serialization.registerClass`,
      { cause: error },
    )
  }
}

// An optimizer for plain tfjs training loops and layers, from an updater of lane functions.
// Comes in: what compiles an updater (`createUpdater` of @lotion/optim). Goes out: a `tf.Optimizer`. Source: docs/design/09-tfjs.md.

import { mapTree, type GradientResult, type Shape, type Tree } from '@lotion/core'
import * as defaultTf from '@tensorflow/tfjs'

type Tf = typeof defaultTf
type Tensor = defaultTf.Tensor

/** As tfjs declares it, but does not export it. */
interface NamedTensor {
  readonly name: string
  readonly tensor: Tensor
}

/** Takes steps in place; what `createUpdater` of `@lotion/optim` makes. */
export interface TensorUpdater {
  /** Make the state of a run's start. */
  init(): Tree<Tree<Tensor>>
  /** Take a step: write the new weights and slots over the old. */
  step(
    params: Tree<Tensor>,
    state: Tree<Tree<Tensor>>,
    result: GradientResult<Tensor>,
    at: { readonly step: number; readonly steps: number },
  ): void
}

/** What the optimizer is made of. */
export interface LotionOptimizerOptions {
  /** Compile the updater, once, for the variables of the first step: their shapes by name. */
  readonly compile: (shapes: Tree<Shape>) => TensorUpdater
  /** Steps of the whole run: schedules need it. */
  readonly steps: number
  /** Loss terms that a batch averages (its examples, or tokens): the Fisher estimate is scaled by it. */
  readonly terms: number
  /** The instance of tfjs. Default: the imported `@tensorflow/tfjs`. */
  readonly tf?: Tf
}

/**
 * Make an optimizer for `optimizer.minimize` and `model.compile`. It takes gradients at the weights themselves, as PTQ and
 * LOTION do; for methods that take them at cast weights, cast in the loss (`straightThrough`).
 * @throws if steps or terms is not a positive whole number; on a step after the last one, or over other variables than the first.
 */
export function lotionOptimizer({
  compile,
  steps,
  terms,
  tf = defaultTf,
}: LotionOptimizerOptions): defaultTf.Optimizer {
  for (const [name, value] of Object.entries({ steps, terms })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name}: expected a positive whole number, found ${value}`)
  }
  return new (optimizerClass(tf))(compile, steps, terms)
}

/** tfjs recognizes an optimizer by its class, and each instance of tfjs has a class of its own. */
function optimizerClass(tf: Tf) {
  return class LotionOptimizer extends tf.Optimizer {
    static readonly className = 'LotionOptimizer'
    updater: TensorUpdater | undefined
    state: Tree<Tree<Tensor>> = {}
    params: Tree<defaultTf.Variable> = {}
    /** Slots that were set before the first step. */
    given: defaultTf.NamedTensorMap = {}

    constructor(
      readonly compile: (shapes: Tree<Shape>) => TensorUpdater,
      readonly steps: number,
      readonly terms: number,
    ) {
      super()
    }

    applyGradients(gradients: defaultTf.NamedTensorMap | NamedTensor[]): void {
      const all: Tree<Tensor | null> = Array.isArray(gradients)
        ? Object.fromEntries(gradients.map(({ name, tensor }) => [name, tensor]))
        : gradients
      this.start(mapTree(all, (_, name) => variableOf(tf, name)))
      if (this.iterations >= this.steps) {
        throw new RangeError(
          `steps: expected at most ${this.steps} as planned, found one more; make the optimizer with the length of the whole run`,
        )
      }
      tf.tidy(() => {
        // A variable that the loss does not touch has no gradient: its slope is 0.
        const found = mapTree(this.params, (variable, name) => all[name] ?? tf.zerosLike(variable))
        const result = { loss: Number.NaN, terms: this.terms, gradients: found }
        this.updater!.step(this.params, this.state, result, { step: this.iterations, steps: this.steps })
      })
      this.incrementIterations()
    }

    start(params: Tree<defaultTf.Variable>): void {
      const stray = this.updater && Object.keys(params).find((name) => params[name] !== this.params[name])
      if (stray !== undefined) {
        throw new TypeError(
          `variables: expected those of the first step (${Object.keys(this.params).join(', ')}), found '${stray}'; make an optimizer for each set`,
        )
      }
      if (this.updater) return
      this.params = params
      this.updater = this.compile(mapTree(params, ({ shape }) => shape))
      this.state = this.updater.init()
      this.assign(this.given)
      tf.dispose(this.given)
      this.given = {}
    }

    override dispose(): void {
      for (const slots of Object.values(this.state)) for (const slot of Object.values(slots)) slot.dispose()
      tf.dispose(this.given)
      this.state = {}
      this.params = {}
      this.given = {}
      this.updater = undefined
      super.dispose()
    }

    /** Slots are named `variable:slot`. */
    override async getWeights(): Promise<NamedTensor[]> {
      const slots = Object.entries(this.state).flatMap(([name, own]) =>
        Object.entries(own).map(([slot, tensor]) => ({ name: `${name}:${slot}`, tensor })),
      )
      return [await this.saveIterations(), ...slots]
    }

    override async setWeights(weights: NamedTensor[]): Promise<void> {
      const slots = await this.extractIterations(weights)
      const given = Object.fromEntries(slots.map(({ name, tensor }) => [name, tensor]))
      if (this.updater) this.assign(given)
      else {
        tf.dispose(this.given)
        this.given = mapTree(given, (tensor) => tf.keep(tensor.clone())) as defaultTf.NamedTensorMap
      }
    }

    assign(given: Tree<Tensor>): void {
      for (const [name, tensor] of Object.entries(given)) {
        const at = name.lastIndexOf(':')
        const slot = this.state[name.slice(0, at)]?.[name.slice(at + 1)]
        if (!slot || !('assign' in slot))
          throw new TypeError(
            `weights: '${name}' is no slot of this optimizer, which has ${this.slotNames().join(', ')}; take weights of the same method and variables`,
          )
        tf.tidy(() => (slot as defaultTf.Variable).assign(tensor.reshape(slot.shape)))
      }
    }

    slotNames(): readonly string[] {
      return Object.entries(this.state).flatMap(([name, own]) =>
        Object.keys(own).map((slot) => `${name}:${slot}`),
      )
    }

    getConfig(): Record<string, number> {
      return { steps: this.steps, terms: this.terms }
    }
  }
}

function variableOf(tf: Tf, name: string): defaultTf.Variable {
  const variable = tf.engine().registeredVariables[name]
  if (!variable)
    throw new TypeError(`gradient '${name}': expected the name of a tf.Variable, found none of that name`)
  return variable
}

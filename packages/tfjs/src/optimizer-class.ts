// The class behind `lotionOptimizer`: tfjs recognizes an optimizer by its class, and each instance of tfjs
// has a class of its own. Comes in: settings, then gradients. Goes out: variables, stepped in place.
// Source: docs/design/09-tfjs.md.

import { mapTree, type Shape, type SkipOptions, type Tree } from '@lotion/core'
import { refuseUndelivered, type SkipGuard } from '@lotion/core/internal'
import type * as tfjs from '@tensorflow/tfjs-core'
import { notFiniteStep, readScalar } from './finite-gradients.js'
import { repairGradients } from './gradients/repair-gradients.js'
import { meanTerms, termsOf, type TermsOption } from './loss-terms.js'
import type { QuantizedTensor, TensorUpdater } from './tensor-updater.js'
import { withCasts } from './with-casts.js'

type Tf = typeof tfjs
type Tensor = tfjs.Tensor

/** As tfjs declares it, but does not export it. */
export interface NamedTensor {
  readonly name: string
  readonly tensor: Tensor
}

/** What an optimizer is made of, checked. */
export interface OptimizerSettings {
  readonly compile: (shapes: Tree<Shape>) => TensorUpdater
  readonly steps: number | (() => number)
  readonly terms: TermsOption
  readonly seed: number
  readonly checks: boolean
  readonly guard: SkipGuard
  readonly nonFinite: SkipOptions['nonFinite']
  readonly onVariables?: (quantized: Tree<QuantizedTensor | null>) => void
}

/** What is known of gradients that the optimizer computed itself. */
interface Taken {
  readonly atPoint: boolean
  readonly loss?: number
  readonly terms: readonly number[]
}

/** The variables of a step as one key. */
const keyOf = (params: Tree<tfjs.Variable>): string => JSON.stringify(Object.keys(params))

/** Make the class for an instance of tfjs. */
export function optimizerClass(tf: Tf): new (settings: OptimizerSettings) => tfjs.Optimizer {
  return class LotionOptimizer extends tf.Optimizer {
    static readonly className = 'LotionOptimizer'
    /** By the set of variables that they step. */
    readonly updaters = new Map<string, TensorUpdater>()
    state: Record<string, Tree<Tensor>> = {}
    params: Record<string, tfjs.Variable> = {}
    /** Updates that variables have had, where fewer than the optimizer's. */
    readonly missed = new Map<string, number>()
    skipped = 0
    taken: Taken | undefined
    /** Slots and counts that were set before the first step. */
    given: Record<string, Tensor> = {}

    constructor(readonly settings: OptimizerSettings) {
      super()
    }

    /** The rate stands in the transformation, as a number or schedule of the run. */
    get learningRate(): never {
      throw refusal('read')
    }

    set learningRate(_: unknown) {
      throw refusal('set')
    }

    override computeGradients(
      f: () => tfjs.Scalar,
      varList?: tfjs.Variable[],
    ): { value: tfjs.Scalar; grads: tfjs.NamedTensorMap } {
      const { terms: given, checks, seed } = this.settings
      let terms: readonly number[] = []
      const loss = (): tfjs.Scalar => {
        const value = f()
        if (given === 'mean') terms = meanTerms(tf, value)
        return value
      }
      const all = varList ?? Object.values(tf.engine().registeredVariables)
      const trainable = all.filter((variable) => variable.trainable)
      const params = Object.fromEntries(trainable.map((variable) => [variable.name, variable]))
      const { point } = this.updaterOf(params)
      const compute = () => {
        // Both passes run before this call returns: nobody else sees our rules.
        const restore = repairGradients(tf)
        try {
          return super.computeGradients(loss, varList)
        } finally {
          restore()
        }
      }
      const found = point
        ? withCasts(
            tf,
            params,
            point.names,
            () => point.at(params, { seed, step: this.stepsTaken() }),
            compute,
          )
        : compute()
      const known = checks ? { loss: readScalar(tf, found.value.clone()) } : {}
      this.taken = { atPoint: point !== undefined, terms, ...known }
      return found
    }

    /** Steps so far, skipped ones included. */
    stepsTaken(): number {
      return this.iterations + this.skipped
    }

    /** Steps of the whole run, as far as is known. */
    plannedSteps(): number {
      const { steps } = this.settings
      return typeof steps === 'function' ? steps() : steps
    }

    applyGradients(gradients: tfjs.NamedTensorMap | NamedTensor[]): void {
      const { checks, guard, nonFinite } = this.settings
      const steps = this.plannedSteps()
      const { taken } = this
      this.taken = undefined
      const found = present(gradients)
      if (Object.keys(found).length === 0)
        throw new TypeError(
          'gradients: expected one at least, found none; no variable of the list touches the loss',
        )
      const params = mapTree(found, (_, name) => variableOf(tf, name))
      if (this.stepsTaken() >= steps) {
        throw new RangeError(
          `steps: expected at most ${steps} as planned, found one more; make the optimizer with the length of the whole run, ` +
            'in layers epochs · ⌈examples / batch size⌉',
        )
      }
      const updater = this.updaterOf(params)
      if (updater.point && !taken?.atPoint) {
        throw new TypeError(
          `${updater.point.method}: its gradient is taken at casts of the weights, found gradients that this optimizer did not ` +
            'compute; use optimizer.minimize, optimizer.computeGradients or model.compile',
        )
      }
      const terms = termsOf(this.settings.terms, taken?.terms)
      if (checks) {
        const known = taken?.loss === undefined ? {} : { loss: taken.loss }
        const step = { step: this.stepsTaken() + 1, gradients: found, weights: params, ...known }
        const reason = notFiniteStep(tf, step, nonFinite)
        if (reason !== undefined) {
          guard.skip(reason)
          this.skipped++
          return
        }
        guard.took()
      }
      this.join(params)
      const updates = mapTree(params, (_, name) => this.iterations - (this.missed.get(name) ?? 0))
      tf.tidy(() => {
        const result = { loss: taken?.loss ?? Number.NaN, terms, gradients: found }
        const at = {
          step: this.iterations,
          steps: steps - this.skipped,
          atPoint: taken?.atPoint === true,
          updates,
        }
        updater.step(params, this.state, result, at)
      })
      for (const name of Object.keys(this.params))
        if (!params[name]) this.missed.set(name, (this.missed.get(name) ?? 0) + 1)
      this.incrementIterations()
    }

    /** The updater of these variables, compiled when they first come together. */
    updaterOf(params: Tree<tfjs.Variable>): TensorUpdater {
      const key = keyOf(params)
      const known = this.updaters.get(key)
      if (known) return known
      const updater = this.settings.compile(mapTree(params, ({ shape }) => shape))
      if (updater.settled)
        throw new TypeError(
          `${updater.point?.method ?? 'method'}: it trains values beside the variables, by which its weights must be clipped at the end, ` +
            'found an optimizer of tfjs, which knows no end; use fit of @lotion/optim, or qat here',
        )
      refuseUndelivered('lotionOptimizer', updater.needs ?? [], { name: 'tfjs', delivers: [] })
      this.updaters.set(key, updater)
      return updater
    }

    /** Make slots for variables that the optimizer has not met. */
    join(params: Tree<tfjs.Variable>): void {
      const fresh = Object.fromEntries(
        Object.entries(params).filter(([name, variable]) => this.params[name] !== variable),
      )
      if (Object.keys(fresh).length === 0) return
      const updater = this.updaterOf(fresh)
      for (const [name, slots] of Object.entries(updater.init())) {
        tf.dispose(this.state[name] ?? {})
        this.state[name] = slots
        this.params[name] = fresh[name]!
        this.missed.set(name, this.iterations)
      }
      if (Object.keys(this.given).length > 0) {
        this.assign(this.given)
        tf.dispose(this.given)
        this.given = {}
      }
      this.settings.onVariables?.(updater.quantized ?? {})
    }

    override dispose(): void {
      for (const slots of Object.values(this.state)) for (const slot of Object.values(slots)) slot.dispose()
      tf.dispose(this.given)
      this.state = {}
      this.params = {}
      this.given = {}
      this.updaters.clear()
      super.dispose()
    }

    /** Slots are named `variable:slot`; counts that are not 0 are `:skipped` and `variable:missed`. */
    override async getWeights(): Promise<NamedTensor[]> {
      const slots = Object.entries(this.state).flatMap(([name, own]) =>
        Object.entries(own).map(([slot, tensor]) => ({ name: `${name}:${slot}`, tensor })),
      )
      // What was given before the first step is not in the state yet.
      const waiting = Object.entries(this.given).map(([name, tensor]) => ({ name, tensor: tensor.clone() }))
      const counts = [...this.missed].map(([name, count]) => [`${name}:missed`, count] as const)
      const others = [[':skipped', this.skipped] as const, ...counts].filter(([, count]) => count > 0)
      return [
        await this.saveIterations(),
        ...slots,
        ...waiting,
        ...others.map(([name, count]) => ({ name, tensor: tf.scalar(count, 'int32') })),
      ]
    }

    override async setWeights(weights: NamedTensor[]): Promise<void> {
      const slots = await this.extractIterations(weights)
      const given = Object.fromEntries(slots.map(({ name, tensor }) => [name, tensor]))
      if (Object.keys(this.params).length > 0) this.assign(given)
      else {
        tf.dispose(this.given)
        this.given = mapTree(given, (tensor) => tf.keep(tensor.clone()))
      }
    }

    assign(given: Tree<Tensor>): void {
      for (const name of Object.keys(given)) this.missed.delete(name.slice(0, name.lastIndexOf(':')))
      for (const [name, tensor] of Object.entries(given)) {
        const at = name.lastIndexOf(':')
        const [variable, what] = [name.slice(0, at), name.slice(at + 1)]
        if (name === ':skipped') this.skipped = tensor.dataSync()[0]!
        else if (what === 'missed') this.missed.set(variable, tensor.dataSync()[0]!)
        else this.assignSlot(name, this.state[variable]?.[what], tensor)
      }
    }

    assignSlot(name: string, slot: Tensor | undefined, tensor: Tensor): void {
      if (!slot || !('assign' in slot))
        throw new TypeError(
          `weights: '${name}' is no slot of this optimizer, which has ${this.slotNames().join(', ')}; take weights of the same method and variables`,
        )
      tf.tidy(() => (slot as tfjs.Variable).assign(tf.reshape(tensor, slot.shape)))
    }

    slotNames(): readonly string[] {
      return Object.entries(this.state).flatMap(([name, own]) =>
        Object.keys(own).map((slot) => `${name}:${slot}`),
      )
    }

    getConfig(): Record<string, number> {
      const { terms } = this.settings
      return { steps: this.plannedSteps(), ...(typeof terms === 'number' ? { terms } : {}) }
    }
  }
}

const refusal = (what: string): TypeError =>
  new TypeError(
    `learningRate: it cannot be ${what} on this optimizer; it stands in the transformation: give adamw or sgd a number, a schedule ` +
      'such as cosine(.001), or a function of your own, learningRate: ({ step }) => …',
  )

/** Gradients by name, without those that are not there: no gradient is not a gradient of 0. */
function present(gradients: tfjs.NamedTensorMap | NamedTensor[]): Record<string, Tensor> {
  const all: readonly (readonly [string, Tensor | null | undefined])[] = Array.isArray(gradients)
    ? gradients.map(({ name, tensor }) => [name, tensor])
    : Object.entries(gradients)
  return Object.fromEntries(all.flatMap(([name, tensor]) => (tensor ? [[name, tensor]] : [])))
}

function variableOf(tf: Tf, name: string): tfjs.Variable {
  const variable = tf.engine().registeredVariables[name]
  if (!variable)
    throw new TypeError(`gradient '${name}': expected the name of a tf.Variable, found none of that name`)
  return variable
}

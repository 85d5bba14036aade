// How many terms a loss averages, read from how it was computed: the mean it ends in. Comes in: a scalar,
// just computed under a gradient tape. Goes out: a count. So the last, smaller batch of an epoch has its own.

import type * as tfjs from '@tensorflow/tfjs-core'

/** Kernels through which a mean reaches the loss: sums with penalties, factors, other shapes. */
const passingKernels: ReadonlySet<string> = new Set([
  'Add',
  'AddN',
  'Cast',
  'Identity',
  'Multiply',
  'Neg',
  'RealDiv',
  'Reshape',
  'Sub',
])

/** A record of the tape: typed loosely by tfjs. */
interface TapeNode {
  readonly kernelName: string
  readonly inputs: Readonly<Record<string, tfjs.Tensor | null | undefined>>
  readonly outputs: readonly tfjs.Tensor[]
}

/**
 * Count the values that the outermost mean of a loss runs over: examples, or examples times positions. What
 * is added to it without a mean, such as a penalty, does not count.
 * @returns the counts that were found; none if the loss ends in no mean, several if it adds means over
 * different numbers.
 */
export function meanTerms(tf: typeof tfjs, loss: tfjs.Tensor): readonly number[] {
  const tape = (tf.engine().state.activeTape ?? []) as unknown as readonly TapeNode[]
  const makers = new Map(tape.flatMap((node) => node.outputs.map(({ id }) => [id, node] as const)))
  const counts = new Set<number>()
  const visited = new Set<number>()
  const visit = (tensor: tfjs.Tensor): void => {
    const maker = makers.get(tensor.id)
    if (!maker || tensor.size !== 1 || visited.has(tensor.id)) return
    visited.add(tensor.id)
    if (maker.kernelName === 'Mean') {
      const { x } = maker.inputs
      if (x) counts.add(x.size)
    } else if (passingKernels.has(maker.kernelName)) {
      for (const operand of Object.values(maker.inputs)) if (operand) visit(operand)
    }
  }
  visit(loss)
  return [...counts]
}

/** How many terms a batch averages: a number, read from the loss, or asked for. */
export type TermsOption = number | 'mean' | (() => number)

/**
 * The terms of a step, from what was asked for and the means that its loss was found to end in, if it was
 * seen.
 * @throws if they are not known, or no count.
 */
export function termsOf(option: TermsOption, means: readonly number[] | undefined): number {
  const given = typeof option === 'function' ? option() : option
  if (given !== 'mean') {
    if (Number.isInteger(given) && given > 0) return given
    throw new RangeError(`terms: expected a positive whole number, found ${given}`)
  }
  if (means?.length === 1) return means[0]!
  const found =
    means === undefined
      ? 'gradients that this optimizer did not compute'
      : means.length === 0
        ? 'none'
        : `means over ${means.join(' and ')} values`
  throw new TypeError(
    `terms: expected a loss that ends in a mean, found ${found}; say how many terms a batch averages: terms: 32, or terms: () => …`,
  )
}

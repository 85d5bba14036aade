// The signals of a step, as they arrive with its gradients. Comes in: what a gradient step brought. Goes out:
// the inputs of one parameter's step, and the names of those that are not finite.
// Source: docs/design/03-formats-and-methods.md.

import type { Executor, GradientResult, ParameterInfo, Transformation } from '@lotion/core'
import { isDue } from '@lotion/core/internal'
import { notFinite } from './finite-check.js'

/** Whose step is taken, and which. */
interface Taken extends Pick<ParameterInfo, 'name'> {
  readonly part: Transformation
  readonly step: number
}

/**
 * The signals that one parameter's step reads, the gradient aside.
 * @throws if one that is due did not come.
 */
export function signalsOf<A>(
  { signals = {} }: GradientResult<A>,
  { name, part, step }: Taken,
): Readonly<Record<string, A | number>> {
  const due = part.needs.filter((need) => need.name !== 'gradient' && isDue(need, step))
  return Object.fromEntries(
    due.map(({ name: signal, per = 'weight' }) => {
      const found = signals[signal]?.[name]
      if (found === undefined)
        throw new TypeError(
          `${part.name}: needs the signal '${signal}' for '${name}', which this gradient step does not deliver; ` +
            `choose another Fisher estimate, such as empirical()`,
        )
      if ((typeof found === 'number') !== (per === 'parameter'))
        throw new TypeError(
          `${part.name}: expected one value a ${per} of the signal '${signal}' for '${name}', found ${typeof found === 'number' ? found : 'an array'}`,
        )
      return [signal, found]
    }),
  )
}

/** Name the parameters whose signals, of those wanted, are not finite or overflow when squared. */
export async function notFiniteSignals<A>(
  executor: Executor<A>,
  { signals = {} }: GradientResult<A>,
  wanted: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const broken: [string, readonly string[]][] = []
  for (const signal of wanted) {
    const found = Object.entries(signals[signal] ?? {})
    const numbers = found.filter(([, of]) => typeof of === 'number' && !Number.isFinite(of))
    const arrays = Object.fromEntries(
      found.flatMap(([name, of]) => (typeof of === 'number' ? [] : [[name, of] as const])),
    )
    const names = [...numbers.map(([name]) => name), ...(await notFinite(executor, arrays))]
    if (names.length > 0) broken.push([signal, names])
  }
  return Object.fromEntries(broken)
}

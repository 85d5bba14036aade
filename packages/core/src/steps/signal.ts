// What gradient steps deliver and parts of a step need, joined by name. Comes in: needs and deliveries.
// Goes out: what is due at a step, or an error before training. Nothing here knows a signal by name but
// `gradient`, which every gradient step delivers.
// Source: docs/design/03-formats-and-methods.md.

import { oneOf } from '../checks/one-of.js'
import { refuseUnknownKeys } from '../checks/refuse-unknown-keys.js'
import type { GradientStep, Signal } from '../contracts.js'

/** A part of a step, as far as signals go. */
interface Needing {
  readonly name: string
  readonly needs: readonly Signal[]
}

/**
 * Read a signal given by its name alone, or whole.
 * @throws if a member is unknown or not what it must be.
 */
export function signalOf(given: string | Signal): Signal {
  const signal = typeof given === 'string' ? { name: given } : given
  refuseUnknownKeys('signal', signal, { name: true, per: true, every: true, units: true })
  const { name, per = 'weight', every = 1, units } = signal
  if (typeof name !== 'string' || name === '' || name.includes('.'))
    throw new TypeError(`signal: expected a name without a dot, found '${name}'; rename it`)
  oneOf(`signal '${name}': per`, per, ['weight', 'parameter'])
  if (units !== undefined) oneOf(`signal '${name}': units`, units, ['gradient', 'curvature'])
  if (!Number.isInteger(every) || every < 1)
    throw new RangeError(`signal '${name}': every: expected a positive whole number, found ${String(every)}`)
  if (name === 'gradient' && (every > 1 || per !== 'weight'))
    throw new RangeError("signal 'gradient': expected every step and one value a weight, as it always comes")
  return Object.freeze({ ...signal })
}

/** Tell whether a signal is asked for at a step, counted from 0. */
export const isDue = ({ every = 1 }: Signal, step: number): boolean => step % every === 0

/**
 * Join what parts of one step need, each signal once.
 * @throws if two need one signal at different paces or in different shapes.
 */
export function joinNeeds(parts: readonly Needing[]): readonly Signal[] {
  const known = new Map<string, { readonly part: string; readonly need: Signal }>()
  for (const { name: part, needs } of parts) {
    for (const need of needs) {
      const other = known.get(need.name)
      if (other && wordsOf(other.need) !== wordsOf(need))
        throw new TypeError(
          `signal '${need.name}': expected one pace and shape in a run, found ${wordsOf(other.need)} for '${other.part}' and ` +
            `${wordsOf(need)} for '${part}'; give both the same`,
        )
      if (!other) known.set(need.name, { part, need })
    }
  }
  return [...known.values()].map(({ need }) => need)
}

const wordsOf = ({ per = 'weight', every = 1 }: Signal): string => `one a ${per}, every ${every}`

/**
 * Refuse a gradient step, or whatever else takes its place, that does not deliver what a run needs.
 * @throws naming the signals, who does not deliver them and what it delivers.
 */
export function refuseUndelivered(
  who: string,
  needs: readonly Signal[],
  source: Pick<GradientStep<unknown>, 'name' | 'delivers'>,
): void {
  const delivered = ['gradient', ...(source.delivers ?? [])].map(signalOf)
  const missing = needs.find(({ name, per = 'weight' }) =>
    delivered.every((signal) => signal.name !== name || (signal.per ?? 'weight') !== per),
  )
  if (missing === undefined) return
  const list = delivered.map(({ name, per }) => (per === 'parameter' ? `${name} (one a parameter)` : name))
  throw new TypeError(
    `${who}: needs the signal '${missing.name}', one value a ${missing.per ?? 'weight'}, which '${source.name}' does not deliver ` +
      `(it delivers ${list.join(', ')}); choose another Fisher estimate, such as empirical(), or a gradient step that delivers it ` +
      'and says so in `delivers`',
  )
}

import { describe, expect, it } from 'vitest'
import { defineLanes, type ErrorBounds } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { verify } from './verify.js'
import type { AnyExecutor } from './executor-laws.js'

const cpu = cpuExecutor()
const nudge = defineLanes({
  name: 'nudge',
  inputs: ['x'],
  outputs: ['y'],
  body: ({ x }) => ({ y: x.mul(1 + 2 ** -22) }),
})
const smallest = 2 ** -126
const flushed = (x: Float32Array): Float32Array => x.map((value) => (Math.abs(value) < smallest ? 0 : value))

/** The CPU executor with its results changed, which says so or not. */
function changed(
  change: (array: Float32Array, formula: string) => Float32Array,
  bounds?: ErrorBounds,
): AnyExecutor {
  return {
    ...cpu,
    ...(bounds ? { bounds } : {}),
    lanes: (calls) =>
      cpu
        .lanes(calls as Parameters<typeof cpu.lanes>[0])
        .map((out, i) =>
          Object.fromEntries(
            Object.entries(out).map(([name, array]) => [name, change(array, calls[i]!.fn.name)]),
          ),
        ),
  }
}

const failures = async (executor: AnyExecutor): Promise<readonly string[]> =>
  (await verify('executor', executor)).flatMap(({ check, outcome }) => (outcome === 'failed' ? [check] : []))

describe('bounds of an executor', () => {
  const roots = (array: Float32Array, formula: string): Float32Array =>
    formula === 'sqrt' ? cpu.lanes([{ fn: nudge, inputs: { x: array } }])[0]!['y']! : array

  it('allow an operation the error that it declares, and no more', async () => {
    expect(await failures(changed(roots))).toEqual(['formulas'])
    expect(await failures(changed(roots, { ulp: { sqrt: 4 } }))).toEqual([])
    expect(await failures(changed(roots, { ulp: { div: 4 } }))).toEqual(['formulas'])
  })

  it('allow subnormals to be flushed only if they say so', async () => {
    expect(await failures(changed(flushed))).toEqual(['formulas'])
    expect(await failures(changed(flushed, { flushes: true }))).toEqual([])
    const coarse = changed((array) => array.map((value) => (Math.abs(value) < 0.01 ? 0 : value)), {
      flushes: true,
    })
    expect(await failures(coarse)).toContain('formulas')
  })
})

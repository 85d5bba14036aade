// A stored state is checked before it is continued: another run's, one out of JSON, one that an overflow
// reached.

import { describe, expect, it } from 'vitest'
import { base, executor, format, start } from '../test/bowl.js'
import { checkState } from './check-state.js'
import { fit, type ResumePoint } from './fit.js'
import { lotion } from './lotion.js'

type State = Record<string, Record<string, Float32Array>>

async function stored(): Promise<State> {
  const state = await fit(base({ method: lotion({ format }) }))
  return structuredClone(state) as State
}

/** Continue a run from a spoiled state; neither weights nor state may be touched. */
async function expectRefusal(spoil: (state: State) => unknown, message: string): Promise<void> {
  const kept = await stored()
  const state = (spoil(kept) ?? kept) as State
  const [params, before] = [start(), structuredClone(state)]
  const from = { step: 4, state } as ResumePoint<Float32Array>
  await expect(fit(base({ method: lotion({ format }), params, from }))).rejects.toThrow(message)
  expect(params).toEqual(start())
  expect(state).toEqual(before)
}

describe('a state', () => {
  it('as it was stored continues the run', async () => {
    const from = { step: 4, state: await stored() }
    await expect(fit(base({ method: lotion({ format }), from }))).resolves.toBeDefined()
  })

  it.each([
    ['NaN', Number.NaN],
    ['an infinity', Infinity],
  ])('with %s is refused', (_, value) =>
    expectRefusal((state) => {
      state['bias']!['adamw.m']![2] = value
    }, "state: 'bias': 'adamw.m': expected finite values, found others; continue from a state as the run stored it"),
  )

  it.each(['adamw.v', 'smoothing.squares'])('with a mean square below 0 is refused (%s)', (slot) =>
    expectRefusal((state) => {
      state['matrix']![slot]![17] = -1e-30
    }, `state: 'matrix': '${slot}': expected values of at least 0, found 1 below`),
  )

  it('may hold any sign elsewhere, and squares too large to be squared', async () => {
    const state = await stored()
    state['matrix']!['adamw.m']!.fill(-1)
    state['matrix']!['adamw.v']!.fill(1e30)
    const from = { step: 4, state }
    await expect(fit(base({ method: lotion({ format }), from }))).resolves.toBeDefined()
  })

  it.each([
    [
      'out of JSON',
      (state: State) => JSON.parse(JSON.stringify(state)) as unknown,
      'found a plain object; what came through JSON',
    ],
    [
      'of plain lists',
      (state: State) => {
        Object.assign(state['matrix']!, { 'adamw.m': [...state['matrix']!['adamw.m']!] })
      },
      "state: 'matrix': 'adamw.m': expected a Float32Array of 18 values, found an Array",
    ],
    [
      'of another precision',
      (state: State) => {
        Object.assign(state['matrix']!, { 'adamw.m': new Float64Array(18) })
      },
      "state: 'matrix': 'adamw.m': expected a Float32Array of 18 values, found a Float64Array",
    ],
    [
      'of another size',
      (state: State) => {
        state['matrix']!['adamw.m'] = new Float32Array(17)
      },
      "state: 'matrix': 'adamw.m': expected 18 values, found 17",
    ],
    [
      'with a hole',
      (state: State) => {
        Object.assign(state['matrix']!, { 'adamw.m': null })
      },
      "state: 'matrix': 'adamw.m': expected a Float32Array of 18 values, found null",
    ],
  ])('%s is refused', (_, spoil, message) => expectRefusal(spoil, message))

  it('of another model or method is refused, naming both', async () => {
    const updater = { slots: { a: ['adamw.m'], b: ['adamw.m', 'adamw.v'] }, nonNegative: {} }
    const check = (state: object) =>
      checkState(state as State, { updater, shapes: { a: [1], b: [1] }, executor, params: {} })
    const one = Float32Array.of(1)
    await expect(
      check({ a: { 'adamw.m': one }, b: { 'adamw.v': one, 'adamw.m': one } }),
    ).resolves.toBeUndefined()
    await expect(check({ a: { 'adamw.m': one } })).rejects.toThrow('state: expected parameters a, b, found a')
    await expect(check({ a: { 'sgd.velocity': one }, b: {} })).rejects.toThrow(
      "state: expected for 'a' the slots adamw.m, found sgd.velocity",
    )
    await expect(check({ a: null, b: {} })).rejects.toThrow(
      "state: expected for 'a' the slots adamw.m, found none",
    )
  })
})

describe('a state that has gone on', () => {
  const run = (from?: ResumePoint<Float32Array>, steps = 12): Promise<State> =>
    fit(base({ method: lotion({ format }), steps, ...(from && { from }) })) as Promise<State>

  /** The event of a step, with the live state or a copy of its tree, of a run that goes on or stops there. */
  const kept = async (steps: number): Promise<ResumePoint<Float32Array>> => {
    let point: ResumePoint<Float32Array> | undefined
    const onStep = (event: ResumePoint<Float32Array>): void => {
      if (event.step === 4) point = event
    }
    await fit(base({ method: lotion({ format }), steps, onStep }))
    return point!
  }

  it('is refused with both steps, whichever copy of its tree is given', async () => {
    const late = await kept(12)
    const told =
      'from: expected the state of step 4, found one that a run has taken to step 12: it is written over'
    await expect(run(late)).rejects.toThrow(told)
    await expect(run({ ...late, state: { ...late.state } })).rejects.toThrow(told)
    const shallow = Object.fromEntries(
      Object.entries(late.state).map(([name, slots]) => [name, { ...slots }]),
    )
    await expect(run({ ...late, state: shallow })).rejects.toThrow(told)
  })

  it('is refused to a second run, and taken once, or as a copy for each', async () => {
    const point = await kept(4)
    const copy = structuredClone(point.state)
    const first = await run(point)
    await expect(run(point)).rejects.toThrow('found one that a run has taken to step 12')
    expect(await run({ ...point, state: copy })).toEqual(first)
  })
})

import { mapTree, type Tree } from '@lotion/core'
import { adamSecondMoment, empirical } from '@lotion/fisher'
import { describe, expect, it } from 'vitest'
import { base, batchesOf, bitsOf, format, start, train } from '../test/bowl.js'
import { continuedEverywhere, type RunMoment } from '../test/resume.js'
import { cage } from './cage.js'
import { fit } from './fit.js'
import { lotion } from './lotion.js'
import { fitPhases, type FitPhasesOptions, type Phases } from './phases.js'
import { ptq } from './ptq.js'
import { qat } from './qat.js'
import { rat } from './rat.js'
import { withCallbacks } from './with-callbacks.js'
import { defineCallback } from './callback.js'

type Arrays = Float32Array

const options = (
  phases: Phases,
  overrides: Partial<FitPhasesOptions<Arrays>> = {},
): FitPhasesOptions<Arrays> => {
  const { method: _, ...rest } = base()
  return { ...rest, phases, ...overrides }
}

/** Bits of the weights after each step. */
async function path(phases: Phases, overrides: Partial<FitPhasesOptions<Arrays>> = {}) {
  const seen: Tree<readonly number[]>[] = []
  await fitPhases(
    options(phases, { onStep: ({ params }) => void seen.push(mapTree(params, bitsOf)), ...overrides }),
  )
  return seen
}

const first = lotion({ format })

describe('fitPhases', () => {
  it('with one phase is fit', async () => {
    expect((await path([first])).at(-1)).toEqual(await train({ method: first }))
  })

  it('has the same bits up to the end of a phase, whatever follows', async () => {
    const alone: Tree<readonly number[]>[] = []
    await fit(base({ method: first, onStep: ({ params }) => void alone.push(mapTree(params, bitsOf)) }))
    for (const next of [qat({ format }), rat({ format }), cage({ format, silence: 0.5 }), ptq({ format })]) {
      const seen = await path([first, [next, 0.5]])
      expect(seen).toHaveLength(12)
      expect(seen.slice(0, 6)).toEqual(alone.slice(0, 6))
      expect(seen[6]).not.toEqual(alone[6])
    }
  })

  it('carries weights, optimizer and schedules over: PTQ after PTQ, LOTION after LOTION, are one run', async () => {
    expect((await path([ptq({ format }), [ptq({ format }), 0.25]])).at(-1)).toEqual(await train())
    const other = lotion({ format, fisher: empirical() })
    expect((await path([first, [other, 0.25], [first, 0.7]])).at(-1)).toEqual(await train({ method: first }))
  })

  it('starts the other slots fresh, and counts their updates from there', async () => {
    // Without memory F is of the present step alone, whatever the count.
    const memory = (beta: number) => lotion({ format, fisher: empirical({ beta }) })
    const squares = async (beta: number, phases: (of: ReturnType<typeof memory>) => Phases) => {
      const state = await fitPhases(options(phases(memory(beta)), { steps: 8, before: [] }))
      return state['matrix']!['smoothing.squares']!
    }
    const [late, whole] = await Promise.all([
      squares(0.9, (of) => [ptq({ format }), [of, 0.875]]),
      squares(0, (of) => [ptq({ format }), [of, 0.875]]),
    ])
    // One update: (1 − β) of the present square, of which the correction makes all.
    late.forEach((square, i) => expect(square).toBeCloseTo(0.1 * whole[i]!, 5))
    // So the first update of a late LOTION does not know how long its memory is.
    const step = (beta: number) => path([ptq({ format }), [memory(beta), 0.5]])
    const [short, long] = [await step(0), await step(0.999)]
    const difference = (a: readonly number[], b: readonly number[]) => {
      const values = (bits: readonly number[]) => new Float32Array(Uint32Array.from(bits).buffer)
      return Math.max(...values(a).map((w, i) => Math.abs(w - values(b)[i]!)))
    }
    expect(difference(short[6]!.matrix!, long[6]!.matrix!)).toBeLessThan(1e-5)
    expect(difference(short[6]!.matrix!, (await path([ptq({ format })]))[6]!.matrix!)).toBeGreaterThan(1e-3)
  })

  const phased = [
    ['lotion, qat', [first, [qat({ format }), 0.5]]],
    ['ptq, lotion, cage', [ptq({ format }), [first, 0.25], [cage({ format, silence: 0 }), 0.8]]],
    [
      'rat, lotion with Adam’s moment',
      [rat({ format }), [lotion({ format, fisher: adamSecondMoment() }), 0.6]],
    ],
    ['lotion, ptq, lotion', [first, [ptq({ format }), 0.3], [first, 0.6]]],
  ] as const satisfies readonly (readonly [string, Phases])[]

  it.each(phased)('continues to the same bits from every step: %s', async (_, phases) => {
    const { whole, continued } = await continuedEverywhere((moment) => fitPhases(options(phases, moment)))
    expect(continued).toHaveLength(12)
    for (const each of continued) expect(each).toEqual(whole)
  })

  it('continues so with skipped steps around the end of a phase', async () => {
    const run = (moment: RunMoment) =>
      fitPhases(
        options([first, [qat({ format }), 0.5]], {
          ...moment,
          nonFinite: 'skip',
          // Updates 0 to 5 are steps 0 to 6: the skipped ones are within and just after the first phase.
          batches: batchesOf([3, 7, 8]),
        }),
      )
    const { whole, continued } = await continuedEverywhere(run)
    for (const each of continued) expect(each).toEqual(whole)
  })

  it('ends where a callback stops it, in any phase', async () => {
    for (const at of [3, 6, 9]) {
      const enough = defineCallback<Arrays>({
        name: 'enough',
        onStep: ({ step }, { stop }) => {
          if (step === at) stop('enough')
        },
      })
      const { whole, continued } = await continuedEverywhere(({ onStep, ...moment }) => {
        const watch = withCallbacks<Arrays>(
          [enough, defineCallback<Arrays>({ name: 'store', afterStep: onStep })],
          moment.from,
        )
        return fitPhases(options([first, [qat({ format }), 0.5]], { ...moment, onStep: watch.onStep }))
      })
      expect(continued).toHaveLength(at)
      for (const each of continued) expect(each).toEqual(whole)
    }
  })

  it('refuses shares that do not ascend, phases without a step, and what is no method', async () => {
    const asked = async (phases: unknown) => fitPhases(options(phases as Phases))
    const other = qat({ format })
    await expect(asked([first, [other, 1]])).rejects.toThrow(
      "phases: 'qat': expected a share of the run in (0, 1)",
    )
    await expect(asked([first, [other, 0.5], [first, 0.5]])).rejects.toThrow(
      'found 0.5 of 12 steps (step 6, after 6)',
    )
    await expect(asked([first, [other, 0.01]])).rejects.toThrow('found 0.01 of 12 steps (step 0, after 0)')
    await expect(asked([])).rejects.toThrow('phases: expected a method')
    await expect(asked([first, ['qat', 0.5]])).rejects.toThrow('phases: phase 2: expected a method')
    // A state of another phase than the step's.
    const state = await fit(base({ method: first, params: start() }))
    await expect(fitPhases(options([first, [other, 0.5]], { from: { step: 9, state } }))).rejects.toThrow(
      "expected for 'matrix' the slots adamw.m, adamw.v, found",
    )
  })
})

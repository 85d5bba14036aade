import {
  blockOf,
  castNearest,
  evaluate,
  layoutOf,
  mapTree,
  normals,
  perRow,
  perTensor,
  type NumberFormat,
} from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import {
  dequantize,
  fixedScale,
  int3,
  mseClip,
  int4,
  mxfp4,
  nvfp4,
  q4_0,
  quantize,
  withBlock,
  withScale,
} from '@lotion/formats'
import { describe, expect, it } from 'vitest'
import { base, start } from '../test/bowl.js'
import { byHand } from '../test/lsq-by-hand.js'
import { continuedEverywhere } from '../test/resume.js'
import { adamw } from './adamw.js'
import { clipByGlobalNorm } from './clip-by-global-norm.js'
import { defineTransformation } from './define-transformation.js'
import { fit } from './fit.js'
import { fitPhases } from './phases.js'
import { lotion } from './lotion.js'
import { lsq } from './lsq.js'
import { withMethod } from './method.js'
import { ptq } from './ptq.js'
import { everything } from './quantize-rule.js'
import { scheduleFreeAdamw } from './schedule-free-adamw.js'
import { sgd } from './sgd.js'
import { defineTrainedValues } from './trained-values.js'
import { chain } from './transformation.js'
import { createUpdater } from './updater.js'

const executor = cpuExecutor()

describe('lsq', () => {
  it('is AdamW with LSQ as written by hand, over 12 steps', async () => {
    const [rows, length, steps, rate] = [3, 16, 12, 0.02]
    const shapes = { w: [rows, length] }
    const first = normals({ seed: 3, stream: 'w' }, rows * length)
    const noise = (step: number): Float32Array => normals({ seed: 3, stream: 'target', step }, rows * length)
    const params = { w: first.slice() }
    const format = withBlock(int3, perRow)
    const state = await fit({
      params,
      shapes,
      gradientStep: {
        name: 'squares',
        run: async ({ w }, { t }) => ({
          loss: 1,
          terms: 1,
          gradients: { w: w!.map((value, i) => value - t!.data[i]!) },
        }),
        close: async () => {},
      },
      batches: (step) => ({ t: { data: noise(step), shape: shapes.w } }),
      method: lsq({ format }),
      quantize: everything,
      optimizer: adamw({ learningRate: rate }),
      executor,
      steps,
      seed: 1,
    })
    const hand = byHand([...first], rows, steps, rate, noise)
    expect(hand.clips).toBeGreaterThan(20)
    const layout = layoutOf(shapes.w, format.block)
    const cast = evaluate([{ fn: castNearest(format), inputs: params, layout }], 'f32')[0]!.w!
    // Single against double precision over 12 steps.
    cast.forEach((value, i) => expect(Math.abs(value - hand.cast[i]!)).toBeLessThan(2e-6))
    const bounds = state['w']!['lsq.bound']!
    bounds.forEach((bound, i) =>
      expect(Math.abs(bound - hand.bounds[Math.floor(i / length)]!)).toBeLessThan(2e-6),
    )
    params.w.forEach((value, i) => {
      const bound = hand.bounds[Math.floor(i / length)]!
      expect(Math.abs(value - Math.max(-bound, Math.min(bound, hand.w[i]!)))).toBeLessThan(2e-6)
    })
  })

  // The slope by central differences: codes stay where all weights are beyond the bound, and where errors are
  // held in units of it the point is a straight line.
  it('has the slope of central differences by the logarithm of the bound', () => {
    const [format, bound, size] = [withBlock(int4, blockOf(8)), 0.5, 8]
    const method = lsq({ format })
    const layout = layoutOf([size], format.block)
    const part = (w: readonly number[], gradient: readonly number[]): number => {
      const updater = createUpdater({
        transformation: withMethod(method, sgd({ learningRate: 1 }), everything),
        shapes: { w: [size] },
        executor,
      })
      const params = { w: Float32Array.from(w) }
      const state = updater.init(params)
      state['w']!['lsq.bound']!.fill(bound)
      const result = { loss: 0, terms: 1, gradients: { w: Float32Array.from(gradient) } }
      updater.step(params, state, result, { step: 0, steps: 1, atPoint: true })
      // −log of the factor is the step; the scale of LSQ is taken back.
      return -Math.log(state['w']!['lsq.bound']![0]! / bound) * Math.sqrt(size * 7)
    }
    const gradient = [...normals({ seed: 5, stream: 'g' }, size)].map((g) => g / 10)
    const lossAt = (w: readonly number[], log: number): number => {
      const b = w.map(() => bound * Math.exp(log))
      const q = evaluate([{ fn: method.point!, inputs: { w, bound: b }, layout }])[0]!.w!
      return q.reduce((sum, value, i) => sum + gradient[i]! * value, 0)
    }
    const beyond = [1, -2, 1.5, 0.9, -0.8, 0.7, 3, -4]
    const difference = (lossAt(beyond, 1e-4) - lossAt(beyond, -1e-4)) / 2e-4
    expect(part(beyond, gradient)).toBeCloseTo(difference, 4)
    const mixed = [0.1, -0.24, 0.33, 0.41, -0.45, 2, -0.7, 0.02]
    const b = mixed.map(() => bound)
    const q = evaluate([{ fn: method.point!, inputs: { w: mixed, bound: b }, layout }])[0]!.w!
    const clip = (x: number, by: number): number => Math.max(-by, Math.min(by, x))
    const errors = mixed.map((x, i) => (q[i]! - clip(x, bound)) / bound)
    const held = (log: number): number =>
      mixed.reduce(
        (sum, x, i) =>
          sum + gradient[i]! * (clip(x, bound * Math.exp(log)) + bound * Math.exp(log) * errors[i]!),
        0,
      )
    expect(part(mixed, gradient)).toBeCloseTo((held(1e-4) - held(-1e-4)) / 2e-4, 4)
  })

  const formats: readonly NumberFormat[] = [
    withBlock(int4, perTensor),
    withBlock(int3, perRow),
    q4_0,
    nvfp4,
    mxfp4,
  ]

  it.each(formats.map((format) => [format.name, format] as const))(
    'learns scales for %s whose cast is found again in the weights and in files',
    async (_, format) => {
      const shape = [4, 64]
      const from = normals({ seed: 2, stream: 'w' }, 256)
      const params = { w: from.slice() }
      let sawRaw = 0
      const method = lsq({ format })
      const state = await fit({
        ...base(),
        params,
        shapes: { w: shape },
        gradientStep: {
          name: 'squares',
          run: async ({ w }) => ({
            loss: 1,
            terms: 1,
            gradients: { w: w!.map((v, i) => v - 0.8 * from[i]!) },
          }),
          close: async () => {},
        },
        batches: () => ({}),
        method,
        quantize: everything,
        onStep: ({ params: raw, settled }) => {
          const ending = settled()
          sawRaw += raw['w']!.filter((value, i) => value !== ending['w']![i]).length
        },
      })
      const layout = layoutOf(shape, format.block)
      const bound = state['w']!['lsq.bound']!
      const [point] = executor.lanes([{ fn: method.point!, inputs: { w: params.w, bound }, layout }])
      const [cast] = executor.lanes([{ fn: castNearest(format), inputs: params, layout }])
      expect(cast!['w']).toEqual(point!['w'])
      // Codes and scales as files have them, of the weights and of their cast.
      const kept = { fn: quantize(format), inputs: { w: cast!['w']! }, layout }
      const { value, scale, tensorScale } = executor.lanes([kept])[0]!
      const stored = dequantize({ layout, values: value!, scales: scale!, tensorScale: tensorScale![0]! })
      stored.forEach((value, i) => expect(Math.abs(value - cast!['w']![i]!)).toBeLessThan(1e-6))
      expect(bound).not.toEqual(
        createUpdater({
          transformation: withMethod(method, sgd({ learningRate: 1 }), everything),
          shapes: { w: shape },
          executor,
        }).init({ w: from })['w']!['lsq.bound'],
      )
      if (format.block.kind === 'tensor') expect(sawRaw).toBeGreaterThan(0)
    },
  )

  const { method: _, ...rest } = base()
  const plain = ptq({ format: withBlock(int4, blockOf(4)) })
  const own = lsq({ format: withBlock(int4, blockOf(4)) })

  it('continues to the same bits from every step, alone and late', async () => {
    const quick = lsq({ format: own.format, rate: 3 })
    const late = [lotion({ format: own.format }), [own, 0.4], [plain, 0.8]] as const
    for (const phases of [[own], late, [own, [quick, 0.5]]] as const) {
      const { whole, continued } = await continuedEverywhere((moment) =>
        fitPhases({ ...rest, ...moment, phases }),
      )
      expect(continued).toHaveLength(12)
      for (const each of continued) expect(each).toEqual(whole)
    }
  })

  it('counts the updates of late bounds from where they begin', async () => {
    // The first update of a fresh Adam is the learning rate, whatever the gradient.
    const after: number[] = []
    await fitPhases({
      ...rest,
      params: start(),
      optimizer: adamw({ learningRate: 0.01 }),
      phases: [plain, [own, 0.5]],
      onStep: ({ step, state }) => {
        if (step === 7) after.push(...state['matrix']!['lsq.bound']!)
      },
    })
    const before = start()
    await fit({
      ...base(),
      params: before,
      optimizer: adamw({ learningRate: 0.01 }),
      steps: 12,
      onStep: ({ step }) => (step === 6 ? 'stop' : undefined),
    })
    const first = createUpdater({
      transformation: withMethod(own, sgd({ learningRate: 1 }), everything),
      shapes: rest.shapes,
      executor,
    }).init(before)['matrix']!['lsq.bound']!
    const moves = after.map((bound, i) => Math.abs(Math.log(bound / first[i]!)))
    // Those at the largest magnitude cannot grow.
    expect(Math.max(...moves)).toBeCloseTo(0.01, 4)
  })

  it('refuses what would be wrong in silence', async () => {
    expect(() => lsq({ format: withScale(int4, fixedScale(0.5)) })).toThrow(
      'expected a scale that follows the weights',
    )
    expect(() => withMethod(own, chain(clipByGlobalNorm(1), sgd({ learningRate: 1 })), everything)).toThrow(
      'which sums over weights',
    )
    expect(() => lsq({ format: withScale(int4, mseClip()) })).toThrow('which clips below the bound')
    const decayed = adamw({ learningRate: 0.01, weightDecay: 0.1, decays: () => true })
    expect(() => withMethod(own, decayed, everything).resolve!({ name: 'w', shape: [4, 8] })).toThrow(
      'steps by the weight itself',
    )
    const free = scheduleFreeAdamw({ learningRate: 0.01 })
    expect(() => withMethod(own, free, everything).resolve!({ name: 'w', shape: [4, 8] })).toThrow(
      "(here of 'schedule-free-adamw')",
    )
    const curved = defineTransformation({
      name: 'curved',
      needs: ['curvature'],
      update: ({ update, curvature }) => ({ update: update.mul(curvature) }),
    })
    expect(() => withMethod(own, curved, everything)).toThrow("needs the signal 'curvature'")
    const updater = createUpdater({
      transformation: withMethod(own, sgd({ learningRate: 1 }), everything),
      shapes: { matrix: [3, 6] },
      executor,
    })
    const { values: named, settled, through } = own.trains!
    const values = { values: named, settled, through }
    const define: (definition: object) => unknown = defineTrainedValues as never
    expect(() => define({ ...values, setled: 1 })).toThrow("unknown option 'setled'")
    const odd = { bound: { ...named['bound'], begin: 1 } }
    expect(() => define({ ...values, values: odd })).toThrow("values: bound: unknown option 'begin'")
    expect(() => updater.init()).toThrow('expected its weights, from which bound begin')
    const params = mapTree({ matrix: 0 }, () => normals({ seed: 1, stream: 'w' }, 18))
    expect(() => updater.point!.at(params, { seed: 1, step: 0 })).toThrow(
      "expected the state with 'lsq.bound'",
    )
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { globals } from 'webgpu'
import {
  blockOf,
  castNearest,
  castSample,
  defineLanes,
  evaluate,
  layoutOf,
  locate,
  nearestPoint,
  normals,
  type LaneFn,
  type NumberFormat,
} from '@lotion/core'
import { fp4, int4, withBlock } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import {
  adamw,
  byName,
  fit,
  lotion,
  rat,
  withMethod,
  type FitOptions,
  type OptimizerState,
  type ResumePoint,
} from '@lotion/optim'
import { resolved, stepLanes } from '@lotion/optim/internal'
import { amount } from '@lotion/test-kit'
import type { GpuArray } from './device-array.js'
import { gpuExecutor, type GpuExecutor } from './gpu-executor.js'

/** Buffers on the device that were made and not destroyed. */
let alive = 0
const { GPUDevice, GPUBuffer } = globals as unknown as Record<string, { prototype: Record<string, unknown> }>

/** Count what an object's method is called for. */
function counted(owner: { prototype: Record<string, unknown> }, method: string, by: number): void {
  const before = owner.prototype[method] as (...args: unknown[]) => unknown
  owner.prototype[method] = function (this: object, ...args: unknown[]): unknown {
    alive += by
    return before.apply(this, args)
  }
}

counted(GPUDevice!, 'createBuffer', 1)
counted(GPUBuffer!, 'destroy', -1)

const opened: GpuExecutor[] = []
for (const mode of ['webgpu', 'webasm'] as const) {
  try {
    opened.push(await gpuExecutor({ mode }))
  } catch (error) {
    console.warn(`SKIPPED: the steps of ${mode} are not tested here. ${String(error)}`)
  }
}
afterAll(() => Promise.all(opened.map((executor) => executor.close())))

const optimizer = adamw({ learningRate: 1e-2, weightDecay: 0.1 })

/** LOTION on top of AdamW in one pass over the weights. */
function lotionStep(format: NumberFormat): {
  readonly fn: LaneFn
  scalars: (step: number) => Record<string, number>
} {
  const part = resolved(withMethod(lotion({ format }), optimizer, byName()), { name: 'w', shape: [1, 1] })!
  return { fn: stepLanes(part), scalars: (step) => ({ ...part.scalars({ step, steps: 10, terms: 16 }) }) }
}

/** The gradient of Σ w². */
const double = defineLanes({
  name: 'double',
  inputs: ['w'],
  outputs: ['gradient'],
  body: ({ w }) => ({ gradient: w.mul(2) }),
})

const SHAPE = [6, 40]
const SIZE = 240
const draw = (stream: string, step = 0): Float32Array => normals({ seed: 1, stream, step }, SIZE)

describe.each(opened.map((executor) => [executor.mode, executor] as const))('%s', (mode, executor) => {
  /** Train on Σ w²; `made` is told each gradient. */
  const descend = (
    options: Pick<FitOptions<GpuArray>, 'params' | 'method' | 'optimizer' | 'steps' | 'from' | 'onStep'>,
    made: (gradient: GpuArray) => void = () => undefined,
  ): Promise<OptimizerState<GpuArray>> =>
    fit({
      shapes: { w: SHAPE },
      gradientStep: {
        name: 'Σ w²',
        run: ({ w }) => {
          const gradient = executor.lanes([{ fn: double, inputs: { w: w! } }])[0]!['gradient']!
          made(gradient)
          return Promise.resolve({ loss: 1, terms: 16, gradients: { w: gradient } })
        },
        close: () => Promise.resolve(),
      },
      batches: () => ({}),
      quantize: byName(),
      seed: 1,
      executor,
      ...options,
    })
  const upload = (values: Float32Array): GpuArray => executor.upload(values, [values.length])

  it.each([int4, fp4].map((format) => [format.name, withBlock(format, blockOf(16))] as const))(
    'takes steps of LOTION in %s as the twin does',
    async (_, format) => {
      const { fn, scalars } = lotionStep(format)
      const layout = layoutOf(SHAPE, format.block)
      const state = Object.fromEntries(
        fn.outputs.map((name) => [name, name === 'w' ? draw('w') : new Float32Array(SIZE)]),
      )
      const arrays = Object.fromEntries(Object.entries(state).map(([name, values]) => [name, upload(values)]))
      for (let step = 0; step < 3; step++) {
        const gradient = draw('gradient', step)
        const given = { ...scalars(step) }
        executor.lanes([
          { fn, inputs: { ...arrays, ...given, gradient: upload(gradient) }, layout, into: arrays },
        ])
        const [next] = evaluate([{ fn, inputs: { ...state, ...given, gradient }, layout }], 'f32')
        Object.assign(state, next)
      }
      for (const [name, values] of Object.entries(state))
        expect(await executor.read(arrays[name]!), name).toEqual(Float32Array.from(values))
    },
  )

  it('casts to the nearest point and by a sample as the twin does', async () => {
    const [w, u] = [draw('w'), executor.uniforms({ seed: 2, stream: 'u' }, SIZE)]
    for (const format of [withBlock(int4, blockOf(16)), withBlock(fp4, blockOf(7))]) {
      const layout = layoutOf(SHAPE, format.block)
      const calls = [
        { fn: castNearest(format), inputs: { w } },
        { fn: castSample(format, randomizedRounding), inputs: { w, u: await executor.read(u) } },
      ]
      const [nearest, sample] = executor.lanes([
        { fn: calls[0]!.fn, inputs: { w: upload(w) }, layout },
        { fn: calls[1]!.fn, inputs: { w: upload(w), u }, layout },
      ])
      const expected = evaluate(
        calls.map((call) => ({ ...call, layout })),
        'f32',
      )
      expect(await executor.read(nearest!['w']!)).toEqual(Float32Array.from(expected[0]!['w']!))
      expect(await executor.read(sample!['w']!)).toEqual(Float32Array.from(expected[1]!['w']!))
    }
  })

  it('puts the largest weight of a block exactly on the last grid point', async () => {
    const format = withBlock(int4, blockOf(4))
    const fn = defineLanes({
      name: 'points',
      inputs: ['w'],
      outputs: ['point', 'x'],
      body: ({ w }) => {
        const { site } = locate(format, w)
        return { point: nearestPoint(site), x: site.x }
      },
    })
    // Every size that a float has, but those that a device may flush.
    const w = normals({ seed: 3, stream: 'w' }, 40_000).map(
      (z, i) => z * 2 ** ((Math.floor(i / 4) % 240) - 118),
    )
    const [found] = executor.lanes([
      { fn, inputs: { w: upload(w) }, layout: layoutOf([w.length], format.block) },
    ])
    const [point, x] = [await executor.read(found!['point']!), await executor.read(found!['x']!)]
    let wrong = 0
    for (let start = 0; start < w.length; start += 4) {
      const block = w.subarray(start, start + 4)
      const largest = Math.max(...block.map(Math.abs))
      const at = start + block.findIndex((value) => Math.abs(value) === largest)
      if (Math.abs(point[at]!) !== 7 || Math.abs(x[at]!) !== 7) wrong++
    }
    expect(wrong).toBe(0)
  })

  it('continues a run from weights and a state on the device, to the same bits', async () => {
    const params = { w: upload(draw('w')) }
    const whole = { w: upload(draw('w')) }
    const train = (
      weights: { readonly w: GpuArray },
      steps: number,
      from?: ResumePoint<GpuArray>,
    ): Promise<OptimizerState<GpuArray>> =>
      descend({
        params: weights,
        method: lotion({ format: withBlock(int4, blockOf(16)) }),
        optimizer: adamw({ learningRate: 1e-2 }),
        steps,
        from,
      })
    await train(whole, 4)
    // At a constant learning rate a run of two steps is the first half of one of four.
    const state = await train(params, 2)
    await train(params, 4, { step: 2, state })
    expect(await executor.read(params.w)).toEqual(await executor.read(whole.w))
    await expect(train(params, 4, { step: 2, state })).rejects.toThrow(
      'found one that a run has taken to step 4',
    )
  })

  describe('memory', () => {
    const { fn, scalars } = lotionStep(withBlock(int4, blockOf(16)))
    const layout = layoutOf(SHAPE, blockOf(16))
    let arrays: Record<string, GpuArray> = {}
    const run = (steps: number): void => {
      for (let step = 0; step < steps; step++) {
        const gradient = upload(draw('gradient', step))
        executor.lanes([{ fn, inputs: { ...arrays, ...scalars(step), gradient }, layout, into: arrays }])
        executor.free(gradient)
      }
    }

    beforeAll(() => {
      arrays = Object.fromEntries(
        fn.outputs.map((name) => [name, name === 'w' ? upload(draw('w')) : executor.zeros([SIZE])]),
      )
    })

    it(`is the same after ${amount(100, 1000)} steps as after 10`, async () => {
      run(10)
      await executor.settled()
      const before = alive
      for (let round = 0; round < amount(1, 10); round++) {
        run(100)
        await executor.settled()
      }
      // Less where the garbage collector has found arrays of earlier tests.
      expect(alive).toBeLessThanOrEqual(before)
      if (mode === 'webgpu') expect(alive).toBeGreaterThan(0)
      expect((await executor.read(arrays['w']!)).every(Number.isFinite)).toBe(true)
    })

    it('does not grow with the steps of a whole training loop, sampled casts included', async () => {
      const params = { w: upload(draw('w')) }
      let gradient: GpuArray | undefined
      const held: number[] = []
      await descend(
        {
          params,
          method: rat({ format: withBlock(int4, blockOf(16)) }),
          optimizer,
          steps: amount(20, 50),
          onStep: async () => {
            await executor.settled()
            held.push(alive)
          },
        },
        (made) => {
          if (gradient) executor.free(gradient)
          gradient = made
        },
      )
      expect(held).toHaveLength(amount(20, 50))
      expect(Math.max(...held.slice(1))).toBeLessThanOrEqual(held[1]!)
      for (const array of [params.w, gradient!]) executor.free(array)
    })

    it('is given back by free', async () => {
      await executor.settled()
      const before = alive
      const made = upload(draw('w'))
      await executor.settled()
      if (mode === 'webgpu') expect(alive).toBe(before + 1)
      executor.free(made)
      expect(alive).toBeLessThanOrEqual(before)
    })
  })
})

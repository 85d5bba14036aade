// The engine's promises: in place, off the event loop, strict about its arguments.

import { runInNewContext } from 'node:vm'
import { setFlagsFromString } from 'node:v8'
import type { Batch, HostArray, Program, Shape, Tree } from '@lotion/core'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, it } from 'vitest'
import { onnxEngine, type OnnxEngine, type OnnxEngineOptions } from './onnx-engine.js'

const opened: OnnxEngine[] = []
const open = async (options: OnnxEngineOptions = {}): Promise<OnnxEngine> => {
  const engine = await onnxEngine({ threads: 1, ...options })
  opened.push(engine)
  return engine
}
afterEach(() => Promise.all(opened.splice(0).map((engine) => engine.close())))

const floats = (...values: readonly number[]): HostArray => ({
  data: Float32Array.from(values),
  shape: [values.length],
})

/** ½ Σ x w² (gradient x·w), and a parameter that the loss does not touch. Exact in f32 for small integers. */
const quadratic: Program<tf.Tensor> = {
  name: 'quadratic',
  shapes: { w: [3], idle: [2] },
  loss: ({ w }, { x }) => tf.mul(tf.sum(tf.mul(given(x), tf.square(given(w)))), 0.5),
  terms: ({ x }) => x?.data.length ?? 0,
}
const x = floats(1, 2, 4)

describe.each(['native', 'node'] as const)('binding %s', (binding) => {
  it('evaluates loss, gradients and terms; an untouched parameter has gradient 0', async () => {
    const engine = await open({ binding })
    const params = engine.allocate(quadratic.shapes)
    params['w']?.set([1, -2, 3])
    const result = await engine.gradients(quadratic).run(params, { x })
    expect(engine.binding).toBe(binding)
    expect(result).toEqual({
      loss: 22.5,
      terms: 3,
      gradients: { w: Float32Array.of(1, -4, 12), idle: new Float32Array(2) },
    })
  })

  it('works in the memory it is given: parameters, gradients near them, and zeros of untouched ones', async () => {
    const buffer = new SharedArrayBuffer(1024)
    let taken = 0
    const take = (length: number): Float32Array => new Float32Array(buffer, (taken += 64) - 64, length)
    const neighbours: (Float32Array | undefined)[] = []
    const memory = {
      allocate: (shapes: Tree<Shape>, near: Tree<Float32Array> = {}) =>
        Object.fromEntries(
          Object.entries(shapes).map(([name, shape]) => {
            neighbours.push(near[name])
            return [name, take(shape.reduce((n, extent) => n * extent, 1))]
          }),
        ),
    }
    const engine = await open({ binding, memory })
    const params = engine.allocate(quadratic.shapes)
    params['w']?.set([1, -2, 3])
    const { gradients } = await engine.gradients(quadratic).run(params, { x })
    expect(gradients).toEqual({ w: Float32Array.of(1, -4, 12), idle: new Float32Array(2) })
    expect(
      [...Object.values(params), ...Object.values(gradients)].map((array) => array.buffer === buffer),
    ).toEqual([true, true, true, true])
    // Two parameters and the loss have none.
    expect(neighbours.filter((near) => near === undefined)).toHaveLength(3)
    expect(neighbours.slice(-2)).toEqual([params['w'], params['idle']])
  })

  it('reads parameters in place, from whichever tree it is given', async () => {
    const engine = await open({ binding })
    const step = engine.gradients(quadratic)
    const shared = engine.allocate(quadratic.shapes)
    const plain = { w: Float32Array.of(2, 2, 2), idle: new Float32Array(2) }
    const gradientAt = async (params: Tree<Float32Array>): Promise<readonly number[]> => [
      ...((await step.run(params, { x })).gradients['w'] ?? []),
    ]
    shared['w']?.set([1, 1, 1])
    expect(await gradientAt(shared)).toEqual([1, 2, 4])
    expect(await gradientAt(plain)).toEqual([2, 4, 8])
    shared['w']?.set([0, 3, 0])
    plain.w[0] = 5
    expect(await gradientAt(shared)).toEqual([0, 6, 0])
    expect(await gradientAt(plain)).toEqual([5, 4, 8])
  })

  it('writes gradients into the same arrays every run', async () => {
    const engine = await open({ binding })
    const step = engine.gradients(quadratic)
    const params = engine.allocate(quadratic.shapes)
    const first = (await step.run(params, { x })).gradients['w']
    params['w']?.fill(1)
    const second = (await step.run(params, { x })).gradients['w']
    expect(second).toBe(first)
    expect([...(first ?? [])]).toEqual([1, 2, 4])
  })

  it('compiles each batch shape once', async () => {
    let traces = 0
    const counted = {
      ...quadratic,
      loss: (...args: Parameters<typeof quadratic.loss>) => (traces++, quadratic.loss(...args)),
    }
    const engine = await open({ binding, verifyFirstStep: false })
    const step = engine.gradients(counted)
    const params = engine.allocate(quadratic.shapes)
    params['w']?.fill(2)
    for (const batch of [{ x }, { x: floats(1) }, { x }, { x: floats(3) }]) await step.run(params, batch)
    expect(traces).toBe(2)
    expect((await step.run(params, { x: floats(3) })).loss).toBe(18)
  })

  it('runs forward functions; outputs of every type come as floats', async () => {
    const engine = await open({ binding })
    const params = engine.allocate({ w: [2, 2] })
    params['w']?.set([1, 2, 3, 4])
    const step = engine.forward(({ w }, { x: input }) => ({
      product: tf.matMul(given(w), tf.reshape(given(input), [2, 1])),
      top: tf.argMax(given(w), 1),
      large: tf.greater(given(w), 2),
      same: given(w),
    }))
    expect(await step.run(params, { x: floats(10, 1) })).toEqual({
      product: Float32Array.of(12, 34),
      top: Float32Array.of(1, 1),
      large: Float32Array.of(0, 0, 1, 1),
      same: Float32Array.of(1, 2, 3, 4),
    })
  })

  it('is closed for good by close', async () => {
    const engine = await open({ binding })
    const step = engine.gradients(quadratic)
    const params = engine.allocate(quadratic.shapes)
    await step.run(params, { x })
    await Promise.all([step.close(), step.close()])
    await expect(step.run(params, { x })).rejects.toThrow("step 'quadratic' is closed")
    const other = engine.gradients(quadratic)
    await engine.close()
    await engine.close()
    await expect(other.run(params, { x })).rejects.toThrow('is closed')
    expect(() => engine.gradients(quadratic)).toThrow('engine is closed')
  })
})

describe('concurrency (native)', () => {
  const side = 512
  const heavy = ({ a }: Tree<tf.Tensor>): Tree<tf.Tensor> => {
    const products = Array.from({ length: 40 }).reduce<tf.Tensor>(
      (y) => tf.matMul(tf.mul(y, 1e-3), given(a)),
      given(a),
    )
    return { y: tf.sum(products) }
  }

  it('leaves the event loop free during a run', async () => {
    const engine = await open({ binding: 'native' })
    const step = engine.forward(heavy)
    const params = engine.allocate({ a: [side, side] })
    await step.run(params, {})
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    await step.run(params, {})
    clearInterval(timer)
    // 11 GFLOP take some 60 ms on one core: a blocked loop would have seen no tick at all.
    expect(ticks).toBeGreaterThan(5)
  })

  it('refuses a second run while one is under way', async () => {
    const engine = await open({ binding: 'native' })
    const step = engine.gradients(quadratic)
    const params = engine.allocate(quadratic.shapes)
    const first = step.run(params, { x })
    await expect(step.run(params, { x })).rejects.toThrow('is still running; await its last run')
    expect((await first).loss).toBe(0)
  })

  it('ends a run early when closed meanwhile', async () => {
    const engine = await open({ binding: 'native' })
    const step = engine.forward(heavy, 'heavy')
    const params = engine.allocate({ a: [side, side] })
    await step.run(params, {})
    const outcome = step.run(params, {}).then(String, String)
    // The run is on its thread once a timer has fired.
    await new Promise((resolve) => setTimeout(resolve, 5))
    await step.close()
    expect(await outcome).toMatch(/terminate/i)
  })

  it('keeps arrays alive that only the run knows', async () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const engine = await open({ binding: 'native', verifyFirstStep: false })
    const step = engine.gradients(quadratic)
    for (let i = 0; i < 50; i++) {
      const run = step.run({ w: Float32Array.of(i, 1, 1), idle: new Float32Array(2) }, { x: floats(1, 2, 4) })
      await Promise.resolve()
      collect()
      expect([...((await run).gradients['w'] ?? [])]).toEqual([i, 2, 4])
    }
  })
})

describe('arguments', () => {
  it('are checked, with the name of the array', async () => {
    const engine = await open()
    const step = engine.gradients(quadratic)
    const params = engine.allocate(quadratic.shapes)
    const w = new Float32Array(3)
    await expect(step.run({ w }, { x })).rejects.toThrow(
      "parameter 'idle': expected a Float32Array of 2 elements",
    )
    await expect(step.run({ ...params, w: new Float32Array(4) }, { x })).rejects.toThrow("parameter 'w'")
    await expect(step.run(params, { x: { ...x, shape: [4] } })).rejects.toThrow(
      "batch 'x': expected 4 elements",
    )
    await expect(step.run(params, {})).rejects.toThrow("batch 'x' is missing; given: nothing;")
    await expect(step.run(params, { y: x, z: x })).rejects.toThrow("batch 'x' is missing; given: y, z;")
  })

  it('of a gather out of range are reported with the step, which can go on', async () => {
    const engine = await open({ verifyFirstStep: false })
    // Computed ids: none of the batch's own, so that onnxruntime is the first to see them.
    const step = engine.forward(
      (_, { ids }) => ({ y: tf.gather(tf.range(0, 3), tf.add(given(ids), tf.scalar(0, 'int32'))) }),
      'lookup',
    )
    const ids = (id: number): Batch => ({ ids: { data: Int32Array.of(id), shape: [1] } })
    await expect(step.run({}, ids(7))).rejects.toThrow(/step 'lookup': onnxruntime.*out of data bounds/s)
    expect(await step.run({}, ids(2))).toEqual({ y: Float32Array.of(2) })
  })

  it('of the engine have ranges', async () => {
    for (const threads of [0, 1.5, 257, 2000]) {
      await expect(onnxEngine({ threads })).rejects.toThrow(
        `onnxEngine threads: expected a whole number from 1 to 256, found ${threads}`,
      )
    }
    await expect(onnxEngine({ verifyFirststep: false } as never)).rejects.toThrow(
      "onnxEngine: unknown option 'verifyFirststep', did you mean 'verifyFirstStep'?",
    )
    for (const [name, value, expected] of [
      ['verifyFirstStep', 'big', "true, false or 'small', found 'big'"],
      ['verifyFirstStep', 1, "true, false or 'small', found 1"],
      ['verifyFirstStep', 0, "true, false or 'small', found 0"],
      ['binding', 'c', "'auto', 'native' or 'node', found 'c'"],
      ['spinning', 'no', "true or false, found 'no'"],
    ])
      await expect(onnxEngine({ [String(name)]: value })).rejects.toThrow(
        `onnxEngine ${name}: expected ${expected}`,
      )
    await expect(onnxEngine({ maxConstantBytes: -1 })).rejects.toThrow('maxConstantBytes')
  })

  it('a forward step needs to know shapes', async () => {
    const engine = await open()
    const step = engine.forward(({ w }) => ({ y: tf.neg(given(w)) }))
    await expect(step.run({ w: new Float32Array(3) }, {})).rejects.toThrow(
      /'w': no shape is known.*engine\.allocate/,
    )
    engine.gradients(quadratic)
    expect(await step.run({ w: Float32Array.of(1, 2, 3) }, {})).toEqual({ y: Float32Array.of(-1, -2, -3) })
  })

  it('a step with very many shapes is reported once', async () => {
    const warnings: string[] = []
    const engine = await open({ onWarning: (message) => warnings.push(message), verifyFirstStep: false })
    const step = engine.forward((_, { x: input }) => ({ y: tf.neg(given(input)) }), 'growing')
    for (let length = 1; length <= 18; length++)
      await step.run({}, { x: floats(...new Array<number>(length).fill(1)) })
    expect(warnings).toEqual([expect.stringMatching(/'growing' has met 16 different batch shapes/)])
  })
})

function given(tensor: tf.Tensor | undefined): tf.Tensor {
  if (tensor === undefined) throw new Error('expected a tensor')
  return tensor
}

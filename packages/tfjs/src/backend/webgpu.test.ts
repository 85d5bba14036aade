// The webgpu backend in Node, with a driver that computes on the processor: the real packages, no graphics
// processor. Skipped where there is no driver: set VK_DRIVER_FILES, for example to Chromium's
// vk_swiftshader_icd.json.

import { existsSync } from 'node:fs'
import {
  blockOf,
  castSample,
  defineLanes,
  evaluate,
  layoutOf,
  normals,
  perTensor,
  uniforms,
  type Lane,
} from '@lotion/core'
import { binade, ulpDistance } from '@lotion/core/internal'
import { int4, mxfp4 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { amount } from '@lotion/test-kit'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tfjsExecutor } from '../executor/tfjs-executor.js'
import { laneOp } from '../lane-op.js'
import { chooseBackend, type BackendChoice } from './choose-backend.js'

const driver = ['/usr/lib/chromium/vk_swiftshader_icd.json', process.env['VK_DRIVER_FILES']].find(
  (path) => path !== undefined && existsSync(path),
)

/** The packages by name, written out for tools that look for unused ones. */
const importer = (name: string): Promise<unknown> =>
  name === 'webgpu' ? import('webgpu') : import('@tensorflow/tfjs-backend-webgpu')

if (driver === undefined)
  console.warn('SKIPPED: webgpu on a software adapter: no driver; set VK_DRIVER_FILES (CONTRIBUTING.md)')

describe.skipIf(driver === undefined).each([
  ['programs', tfjsExecutor()],
  ['op by op', tfjsExecutor({ programs: false })],
] as const)('webgpu on a software adapter, %s', (route, executor) => {
  let choice: BackendChoice
  const size = 3 * 70
  const a = normals({ seed: 1, stream: 'a' }, size)
  const b = normals({ seed: 1, stream: 'b' }, size)

  beforeAll(async () => {
    process.env['VK_DRIVER_FILES'] = driver
    tf.env().set('PROD', true)
    choice = await chooseBackend({ software: true, importer })
  })
  afterAll(() => tf.setBackend('cpu'))

  it('is chosen only when asked for', async () => {
    expect(choice).toMatchObject({ name: 'webgpu' })
    expect(choice.reason).toMatch(/^adapter: .*swiftshader/i)
    const passed = await chooseBackend()
    expect(passed.considered[0]!.reason).toMatch(/^the adapter computes on the processor/)
    expect(passed.name).toBe('wasm')
    await tf.setBackend('webgpu')
  })

  const operations: readonly (readonly [string, (p: Lane, q: Lane) => Lane])[] = [
    ['add', (p, q) => p.add(q)],
    ['sub', (p, q) => p.sub(q)],
    ['mul', (p, q) => p.mul(q)],
    ['div', (p, q) => p.div(q)],
    ['min', (p, q) => p.min(q)],
    ['max', (p, q) => p.max(q)],
    ['abs', (p) => p.abs()],
    ['sqrt', (p) => p.abs().sqrt()],
    ['floor', (p) => p.mul(8).floor()],
    ['binade', (p) => p.mul(1e20).mul(p).binade()],
    ['blockMax', (p) => p.abs().blockMax()],
    ['tensorMax', (p) => p.tensorMax()],
  ]
  it.each(operations)('%s stays within its bound', async (name, operation) => {
    const fn = defineLanes({
      name,
      inputs: ['a', 'b'],
      outputs: ['y'],
      body: ({ a: p, b: q }) => ({ y: operation(p, q) }),
    })
    const layout = layoutOf([3, 70], blockOf(32))
    const [expected] = evaluate([{ fn, inputs: { a, b }, layout }], 'f32')
    const [found] = executor.lanes([{ fn, inputs: { a: tf.tensor1d(a), b: tf.tensor1d(b) }, layout }])
    const values = await executor.read(found!['y']!)
    const { ulp = {} } = executor.bounds ?? {}
    const bound = (ulp as Readonly<Record<string, number>>)[name] ?? 0
    values.forEach((value, i) => expect(ulpDistance(value, expected!['y']![i]!)).toBeLessThanOrEqual(bound))
    expect(values.length).toBe(expected!['y']!.length)
  })

  it('finds every binade of a normal number', async () => {
    const fn = defineLanes({
      name: 'binade',
      inputs: ['a'],
      outputs: ['y'],
      body: ({ a: x }) => ({ y: x.binade() }),
    })
    const x = Float32Array.from({ length: 253 * 4 }, (_, i) =>
      Math.fround(2 ** (Math.floor(i / 4) - 126) * [1, 1 + 2 ** -23, 1.5, 2 - 2 ** -23][i % 4]!),
    )
    const [found] = executor.lanes([{ fn, inputs: { a: tf.tensor1d(x) } }])
    expect([...(await executor.read(found!['y']!))]).toEqual([...x].map(binade))
  })

  it('adds up within rounding, over blocks and calls', async () => {
    const fn = defineLanes({
      name: 'sums',
      inputs: ['a'],
      outputs: ['block', 'tensor', 'total'],
      body: ({ a: x }) => ({
        block: x.abs().blockSum(),
        tensor: x.abs().tensorSum(),
        total: x.abs().total('sum'),
      }),
    })
    const calls = [a, b].map((values) => ({
      fn,
      inputs: { a: values },
      layout: layoutOf([3, 70], blockOf(32)),
    }))
    const expected = evaluate(calls, 'f32')
    const found = executor.lanes(
      calls.map((call) => ({ ...call, inputs: { a: tf.tensor1d(call.inputs.a) } })),
    )
    for (const [i, outputs] of expected.entries()) {
      for (const [name, values] of Object.entries(outputs)) {
        const mine = await executor.read(found[i]![name]!)
        // Each of the n additions of positive numbers rounds once: n ulps at most, and far fewer in a tree.
        mine.forEach((value, k) => expect(ulpDistance(value, values[k]!)).toBeLessThanOrEqual(32))
        expect(mine.length).toBe(values.length)
      }
    }
  })

  it.each([int4, mxfp4])('casts to $name as the twin does', async (format) => {
    const fn = castSample(format, randomizedRounding)
    const u = uniforms({ seed: 2, stream: 'u' }, size)
    const layout = layoutOf([3, 70], format.block)
    const [expected] = evaluate([{ fn, inputs: { w: a, u }, layout }], 'f32')
    const drawn = executor.uniforms({ seed: 2, stream: 'u' }, size)
    const [found] = executor.lanes([{ fn, inputs: { w: tf.tensor1d(a), u: drawn }, layout }])
    const values = await executor.read(found!['w']!)
    // A quotient that is an ulp off may fall on the other side of u; with this driver none does.
    const different = values.filter((value, i) => ulpDistance(value, expected!['w']![i]!) > 4)
    expect(different.length).toBeLessThanOrEqual(2)
  })

  it('differentiates, and leaves no tensor behind in many steps', async () => {
    const fn = defineLanes({
      name: 'relative',
      inputs: ['w'],
      outputs: ['y'],
      body: ({ w }) => ({ y: w.mul(w).div(w.abs().blockMax()).total('sum') }),
    })
    const op = laneOp(fn, { block: perTensor, executor })
    const w = tf.variable(tf.tensor1d([1, -4, 2]))
    const optimizer = tf.train.sgd(0.01)
    const [slope] = [tf.grad((x) => op({ w: x }))(w)]
    expect([...(await slope.data())].map((x) => Math.round(x * 1e4) / 1e4)).toEqual([0.5, -0.6875, 1])
    slope.dispose()
    const before = tf.memory().numTensors
    for (let i = 0; i < amount(20, 100); i++) optimizer.minimize(() => op({ w }).asScalar(), false, [w])
    expect(tf.memory().numTensors).toBe(before)
    expect(Math.abs((await w.data())[1]!)).toBeLessThan(4)
    w.dispose()
  })

  it('took this way throughout', () => {
    const routes = executor.report().filter(({ backend }) => backend === 'webgpu')
    expect(routes.length).toBeGreaterThan(15)
    expect(routes.filter((each) => each.route !== route)).toEqual([])
  })
})

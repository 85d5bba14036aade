// Formulas as programs of the webgpu backend, on a driver in software: equal to the f32 twin where the device
// rounds as IEEE 754 says, few, and without leaks. Skipped where there is no driver.

import { existsSync } from 'node:fs'
import {
  blockOf,
  castNearest,
  defineLanes,
  evaluate,
  layoutOf,
  normals,
  perRow,
  perTensor,
  sizeOf,
  type BlockLayout,
  type Lane,
  type LaneFn,
  type Shape,
} from '@lotion/core'
import { int4, withBlock } from '@lotion/formats'
import { amount } from '@lotion/test-kit'
import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseBackend } from '../backend/choose-backend.js'
import { tfjsExecutor } from '../executor/tfjs-executor.js'

const driver = ['/usr/lib/chromium/vk_swiftshader_icd.json', process.env['VK_DRIVER_FILES']].find(
  (path) => path !== undefined && existsSync(path),
)
if (driver === undefined)
  console.warn('SKIPPED: programs on webgpu: no driver; set VK_DRIVER_FILES (CONTRIBUTING.md)')

const importer = (name: string): Promise<unknown> =>
  name === 'webgpu' ? import('webgpu') : import('@tensorflow/tfjs-backend-webgpu')

/** Every operation but sums, whose rounding is the device's own. */
const OPERATIONS: readonly ((p: Lane, q: Lane, r: Lane, t: Lane) => Lane)[] = [
  (p, q) => p.add(q),
  (p, q) => p.sub(q),
  (p, q) => p.mul(q),
  (p, q) => p.abs().div(q.abs().max(0.25)),
  (p, q) => p.min(q),
  (p, q) => p.max(q),
  (p) => p.abs(),
  (p) => p.abs().sqrt(),
  (p) => p.mul(4).floor(),
  (p) => p.binade(),
  (p, q, r, t) => p.less(q, r, t),
  (p) => p.blockMax(),
  (p) => p.tensorMax(),
  // Values of the block and the call that weights read.
  (p, q) => p.blockMax().mul(0.3).add(1).mul(q),
  (p, q, r) => r.tensorMax().div(7).add(p.blockMax()).sub(q),
]
const OUTPUTS = ['y0', 'y1', 'y2', 'y3'] as const

function formulaOf(program: readonly (readonly number[])[]): LaneFn {
  return defineLanes({
    name: 'random',
    inputs: ['a', 'b'],
    scalars: ['s', 't'],
    outputs: OUTPUTS,
    body: (x) => {
      const values = [x.a, x.b, x.s, x.t]
      for (const [op, ...operands] of program) {
        const [p, q, r, t] = operands.map((at) => values[at % values.length]!)
        // Kept within range: numbers under 2^−126 are the device's own affair.
        const y = OPERATIONS[op!]!(p!, q!, r!, t!).max(-8).min(8)
        values.push(y.abs().less(2 ** -60, 0, y))
      }
      return { y0: values.at(-1)!, y1: values.at(-2)!, y2: values.at(-3)!, y3: values.at(-4)! }
    },
  })
}

const LAYOUTS: readonly (readonly [Shape, BlockLayout])[] = [
  [[24], layoutOf([24], blockOf(8))],
  [[3, 7], layoutOf([3, 7], blockOf(4))],
  [[7, 3], layoutOf([7, 3], blockOf(2), 0)],
  [[2, 5, 3], layoutOf([2, 5, 3], blockOf(4), 1)],
  [[4, 5], layoutOf([4, 5], perRow, 0)],
  [[700], layoutOf([700], perTensor)],
  [[3, 333], layoutOf([3, 333], perRow)],
  [[3, 333], layoutOf([3, 333], blockOf(200))],
  [[6], layoutOf([6], blockOf(1))],
]

const operand = fc.nat(999)
const program = fc.array(fc.tuple(fc.nat(OPERATIONS.length - 1), operand, operand, operand, operand), {
  minLength: 2,
  maxLength: 12,
})

describe.skipIf(driver === undefined)('programs on webgpu', () => {
  const executor = tfjsExecutor()
  beforeAll(async () => {
    process.env['VK_DRIVER_FILES'] = driver
    tf.env().set('PROD', true)
    const { name, considered } = await chooseBackend({ software: true, importer })
    if (name !== 'webgpu') throw new Error(JSON.stringify(considered))
  })
  afterAll(() => tf.setBackend('cpu'))

  it('equal the f32 twin on random formulas, ragged and strided blocks, numbers and tensors', async () => {
    let round = 0
    const check = async (steps: readonly number[][]): Promise<void> => {
      const [shape, layout] = LAYOUTS[round % LAYOUTS.length]!
      const [a, b] = ['a', 'b'].map((stream) => normals({ seed: round, stream }, sizeOf(shape)))
      const inputs = { a: a!, b: b!, s: Math.fround(0.7), t: Math.fround(-1.3) }
      const fn = formulaOf(steps)
      const [expected] = evaluate([{ fn, inputs, layout }], 'f32')
      // A number for all weights and a scalar as a tensor, too.
      const given = {
        ...inputs,
        a: executor.upload(a!, shape),
        b: tf.tensor(b!, [...shape]),
        ...(round % 2 ? { t: tf.scalar(inputs.t) } : {}),
      }
      const [found] = executor.lanes([{ fn, inputs: given, layout }])
      for (const [name, values] of Object.entries(expected!)) {
        const got = [...(await found![name]!.data())]
        // Numbers are compared: zeros may differ in sign.
        const different = got.findIndex((value, k) => value !== values[k]!)
        if (different >= 0 || got.length !== values.length)
          expect({ name, round, got }).toEqual({ name, round, got: [...values] })
      }
      round++
      tf.dispose([Object.values(given).filter((x) => typeof x === 'object'), Object.values(found!)])
    }
    await fc.assert(fc.asyncProperty(program, check), { seed: 7, numRuns: amount(9, 45) })
    expect(executor.report().filter(({ route }) => route !== 'programs')).toEqual([])
  }, 180_000)

  it('put the maximum of every block exactly on the top of the grid', async () => {
    const [rows, columns] = [300, 32]
    const w = normals({ seed: 5, stream: 'w' }, rows * columns)
    const layout = layoutOf([rows, columns], perRow)
    const fn = castNearest(withBlock(int4, perRow))
    const [found] = executor.lanes([{ fn, inputs: { w: tf.tensor2d(w, [rows, columns]) }, layout }])
    const [twin] = evaluate([{ fn, inputs: { w }, layout }], 'f32')
    const cast = await found!['w']!.data<'float32'>()
    expect([...cast]).toEqual([...twin!['w']!])
    for (let row = 0; row < rows; row++) {
      const top = (x: Float32Array): number =>
        Math.max(...x.subarray(row * columns, (row + 1) * columns).map(Math.abs))
      expect(top(cast)).toBe(Math.fround(7 * Math.fround(top(w) / 7)))
    }
  })

  it('add up within a few roundings however long the block, over calls', async () => {
    const fn = defineLanes({
      name: 'sums',
      inputs: ['a'],
      outputs: ['block', 'tensor', 'total', 'next'],
      body: ({ a }) => {
        const total = a.abs().total('first').sqrt()
        return {
          block: a.abs().blockSum(),
          tensor: a.abs().tensorSum(),
          total,
          next: a.abs().div(total).total('second'),
        }
      },
    })
    const calls = [
      [20, 50],
      [1, 60000],
    ].map(([rows, columns]) => ({
      fn,
      inputs: { a: normals({ seed: rows!, stream: 'a' }, rows! * columns!) },
      layout: layoutOf([rows!, columns!], perRow),
    }))
    const expected = evaluate(calls, 'f32')
    const found = executor.lanes(
      calls.map((call) => ({ ...call, inputs: { a: tf.tensor1d(call.inputs.a) } })),
    )
    for (const [i, outputs] of expected.entries()) {
      for (const [name, values] of Object.entries(outputs)) {
        const got = await found[i]![name]!.data()
        got.forEach((x, k) => expect(Math.abs(x / values[k]! - 1)).toBeLessThan(8 * 2 ** -24))
        expect(got.length).toBe(values.length)
      }
    }
  })

  it('are few, and leave neither tensors nor buffers behind in many steps', async () => {
    const fn = defineLanes({
      name: 'decay',
      inputs: ['w', 'g'],
      scalars: ['rate'],
      outputs: ['w', 'm'],
      body: ({ w, g, rate }) => {
        const m = g.div(g.abs().blockMax()).add(g.mul(g).total('norm').sqrt())
        return { w: w.sub(m.mul(rate)), m }
      },
    })
    const [w, m, g] = [executor.zeros([3, 5]), executor.zeros([3, 5]), tf.ones([3, 5])]
    const step = (): void =>
      void executor.lanes([
        { fn, inputs: { w, g, rate: 0.5 }, layout: layoutOf([3, 5], blockOf(4)), into: { w, m } },
      ])
    const bytes = (): unknown => {
      const { numBytesAllocatedInGPU } = tf.memory() as unknown as { numBytesAllocatedInGPU: number }
      return numBytesAllocatedInGPU
    }
    for (let i = 0; i < 100; i++) step()
    await w.data()
    const before = [tf.memory().numTensors, bytes()]
    for (let i = 0; i < amount(1, 10); i++) {
      for (let k = 0; k < 100; k++) step()
      await w.data()
    }
    expect([tf.memory().numTensors, bytes()]).toEqual(before)
    // A maximum, a sum, the root of the sum, and two outputs.
    expect(executor.report().find(({ formula }) => formula === 'decay')).toMatchObject({ programs: 5 })
    tf.dispose([w, m, g])
  })

  it('give way to operations where they cannot be, and say why', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `x${i}`)
    const fn = defineLanes({
      name: 'wide',
      inputs: names,
      outputs: ['y'],
      body: (x) => ({ y: names.map((name) => x[name]!).reduce((sum, each) => sum.add(each)) }),
    })
    const one = tf.ones([4])
    const [found] = executor.lanes([{ fn, inputs: Object.fromEntries(names.map((name) => [name, one])) }])
    expect([...(await found!['y']!.data())]).toEqual([12, 12, 12, 12])
    const route = executor.report().find(({ formula }) => formula === 'wide')
    expect(route).toMatchObject({
      route: 'op by op',
      reason: expect.stringMatching(/^a program needs 13 buffers, the device has \d+$/) as string,
    })
  })
})

// The executor over tensors: the twin's bits on cpu and wasm, nothing left behind, errors by name.

import { blockOf, defineLanes, evaluate, layoutOf, perRow, sizeOf, trace } from '@lotion/core'
import {
  amount,
  formulaOf,
  formulaLayouts,
  program,
  specialNumbers,
  weights,
  type Program,
} from '@lotion/test-kit'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { tfjsExecutor } from './tfjs-executor.js'

tf.env().set('PROD', true)
await tf.setBackend('cpu')
const inMemory = tfjsExecutor()
const opByOp = tfjsExecutor({ host: false })

describe.each([
  ['cpu', 'in host memory', inMemory],
  ['cpu', 'op by op', opByOp],
  ['wasm', 'in host memory', inMemory],
  ['wasm', 'op by op', opByOp],
])('on the backend %s, %s', (backend, _, executor) => {
  beforeAll(() => tf.setBackend(backend))

  it('equals the f32 twin to the last bit on random formulas, ragged and strided blocks, into variables too', () => {
    let round = 0
    const check = (first: Program, second: Program): void => {
      const calls = [first, second].map((steps, i) => {
        const [shape, layout] = formulaLayouts[(round + 3 * i) % formulaLayouts.length]!
        const [a, b] = ['a', 'b'].map((name) => weights(sizeOf(shape), `${name}${i}`, 3 * round))
        return {
          fn: formulaOf(steps, 'random'),
          shape,
          layout,
          inputs: { a: a!, b: b!, s: specialNumbers[round % specialNumbers.length]! },
        }
      })
      round++
      const expected = evaluate(calls, 'f32')
      tf.tidy(() => {
        const given = calls.map(({ shape, ...call }) => {
          const a = executor.upload(call.inputs.a, shape)
          const perWeight = Object.entries(trace(call.fn).outputs).find(([, { rate }]) => rate === 'element')
          return {
            ...call,
            inputs: { ...call.inputs, a, b: tf.tensor(call.inputs.b, [...shape]) },
            into: perWeight ? { [perWeight[0]]: a } : {},
          }
        })
        const found = executor.lanes(given)
        found.forEach((outputs, i) => {
          for (const [name, values] of Object.entries(expected[i]!)) {
            const got = [...outputs[name]!.dataSync()]
            const different = got.findIndex((value, k) => !Object.is(value, values[k]))
            if (different >= 0 || got.length !== values.length)
              expect({ i, name, got }).toEqual({ i, name, got: [...values] })
          }
        })
        given.forEach(({ inputs }) => inputs.a.dispose())
      })
    }
    fc.assert(fc.property(program, program, check), { seed: 7, numRuns: amount(30, 250) })
  })

  it('keeps shapes, and leaves its inputs alone', () => {
    const a = tf.tensor2d([1, -4, 2, 8, 2, 3], [2, 3])
    const relative = defineLanes({
      name: 'relative',
      inputs: ['a'],
      outputs: ['y', 'top', 'sum'],
      body: ({ a: x }) => ({ y: x.div(x.abs().blockMax()), top: x.abs().blockMax(), sum: x.total('sum') }),
    })
    const [out] = executor.lanes([{ fn: relative, inputs: { a }, layout: layoutOf([2, 3], perRow) }])
    expect([out!['y']!.shape, out!['top']!.shape, out!['sum']!.shape]).toEqual([[2, 3], [2], [1]])
    expect([...out!['y']!.dataSync()]).toEqual([0.25, -1, 0.5, 1, 0.25, 0.375])
    expect([[...out!['top']!.dataSync()], [...out!['sum']!.dataSync()]]).toEqual([[4, 8], [12]])
    expect([...a.dataSync()]).toEqual([1, -4, 2, 8, 2, 3])
    Object.values({ a, ...out }).forEach((tensor) => tensor.dispose())
  })

  it('leaves no tensor behind in many steps', () => {
    const decay = defineLanes({
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
    const layout = layoutOf([3, 5], blockOf(4))
    const before = tf.memory().numTensors
    for (let step = 0; step < amount(100, 1000); step++)
      executor.lanes([{ fn: decay, inputs: { w, g, rate: 0.5 }, layout, into: { w, m } }])
    expect(tf.memory().numTensors).toBe(before)
    expect(w.dataSync()[0]).toBeLessThan(0)
    for (const tensor of [w, m, g]) tensor.dispose()
  })
})

describe('arguments', () => {
  beforeAll(() => tf.setBackend('cpu'))
  const double = defineLanes({
    name: 'double',
    inputs: ['a'],
    scalars: ['s'],
    outputs: ['y'],
    body: ({ a, s }) => ({ y: a.mul(s) }),
  })
  const a = tf.tensor1d([1, 2])
  it.each([
    ['a missing input', { s: 2 }, {}, "double: input 'a' is missing"],
    ['a missing scalar', { a }, {}, "double: scalar 's' is missing"],
    ['another type', { a: tf.tensor1d([1, 2], 'int32'), s: 2 }, {}, 'expected a float32 tensor, found int32'],
    ['a scalar that is none', { a, s: a }, {}, "scalar 's': expected a single value, found 2"],
    ['an unknown target', { a, s: 2 }, { z: inMemory.zeros([2]) }, "into: 'z' is not an output; outputs: y"],
    ['a target that cannot be written to', { a, s: 2 }, { y: a }, "into: 'y': expected a tf.Variable"],
    [
      'a target of another size',
      { a, s: 2 },
      { y: inMemory.zeros([3]) },
      "output 'y': expected an array of 2 (one value a weight), found 3",
    ],
  ])('%s', (_, inputs, into, message) => {
    expect(() => inMemory.lanes([{ fn: double, inputs, into }])).toThrow(message)
  })

  it('options that are none', () => {
    expect(() => tfjsExecutor({ hosts: false } as never)).toThrow(
      "tfjsExecutor: unknown option 'hosts', did you mean 'host'?; options: tf, host, programs",
    )
    expect(() => tfjsExecutor({ programs: 0 as never })).toThrow('programs: expected true or false, found 0')
  })

  it('an upload of another size', () => {
    expect(() => inMemory.upload(new Float32Array(3), [2])).toThrow(
      'expected 2 values for shape [2], found 3',
    )
  })
})

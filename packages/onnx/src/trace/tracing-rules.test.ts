// The rules of tracing: what a graph cannot hold is an error that names the operation, and tfjs is left as it
// was.

import type { Tree } from '@lotion/core'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defineKernel } from '../kernels/kernel-rule.js'
import { traceForward, traceGradients } from './trace-program.js'

type Fn = (x: tf.Tensor) => tf.Tensor

const settings = { maxConstantBytes: 64 }
const port = { shape: [4], dtype: 'float32' } as const
const forward = (fn: Fn, options = settings): void => {
  traceForward('test', (_, { x }) => ({ y: fn(given(x)) }), {}, { x: port }, options)
}

// Quiet: the cpu backend otherwise advises to install a faster one.
tf.env().set('PROD', true)
beforeAll(() => tf.setBackend('cpu'))

describe('what would be frozen is refused', () => {
  const refused: Readonly<Record<string, readonly [fn: Fn, message: RegExp]>> = {
    'a tensor made outside': [
      (x) => tf.add(x, outside),
      /Add: a tensor of shape \[4\] made outside.*params or batch/,
    ],
    'a variable made outside': [(x) => tf.mul(x, variable), /Multiply: the variable 'forgotten'/],
    'a constant above the limit': [
      (x) => tf.mul(tf.tensor1d(many), tf.sum(x)),
      /68 bytes, shape \[17\].*limit 64/,
    ],
    'tf.randomUniform': [
      (x) => tf.add(x, tf.randomUniform([4])),
      /tf\.randomUniform inside a traced function/,
    ],
    'tf.randomNormal': [(x) => tf.add(x, tf.randomNormal([4])), /tf\.randomNormal/],
    'tf.randomGamma': [(x) => tf.add(x, tf.randomGamma([4], 1)), /tf\.randomGamma/],
    'tf.truncatedNormal': [(x) => tf.add(x, tf.truncatedNormal([4])), /tf\.truncatedNormal/],
    'tf.rand': [
      (x) =>
        tf.add(
          x,
          tf.rand([4], () => 0.5),
        ),
      /tf\.rand /,
    ],
    'tf.dropout': [(x) => tf.dropout(x, 0.5), /tf\.dropout/],
    'tf.multinomial': [(x) => tf.multinomial(x as tf.Tensor1D, 2), /'Multinomial'.*random/],
    dataSync: [(x) => tf.mul(x, x.dataSync()[0] ?? 0), /was read \(data, dataSync/],
    arraySync: [(x) => tf.mul(x, x.sum().arraySync()), /was read/],
    print: [printed, /was read/],
    'reading a tensor made outside': [(x) => tf.mul(x, outside.dataSync()[0] ?? 0), /was read/],
    'a kernel without a rule': [
      (x) => tf.real(tf.fft(tf.complex(x, x))),
      /'Complex' has no rule.*defineKernel\('Complex'/,
    ],
    strings: [(x) => tf.add(x, tf.tensor1d(['a'])), /string/],
    'the outside tensor as the result': [() => outside, /the result of the traced function: a tensor/],
  }
  const many = Array.from({ length: 17 }, (_, i) => i)
  const outside = tf.tensor1d([1, 2, 3, 4])
  const variable = tf.variable(tf.tensor1d([1, 2, 3, 4]), true, 'forgotten')

  it.each(Object.entries(refused))('%s', (_, [fn, message]) => {
    expect(() => forward(fn)).toThrow(message)
  })

  it('data(), which is asynchronous in tfjs', () => {
    expect(() => forward((x) => (void x.data(), x))).toThrow(/was read/)
  })

  it('a loss that is not a scalar', () => {
    const program = {
      name: 'vector',
      shapes: { w: [4] },
      loss: ({ w }: Tree<tf.Tensor>) => given(w),
      terms: () => 1,
    }
    expect(() => traceGradients(program, {}, settings)).toThrow(
      /program 'vector': loss must be a float32 scalar, found float32 \[4\]/,
    )
  })

  it('a traced function that runs another trace', () => {
    expect(() => forward((x) => (forward((y) => y), x))).toThrow(/a traced function called a traced step/)
  })
})

describe('what is harmless is allowed', () => {
  it('small constants, and large ones of one value', () => {
    expect(() =>
      forward((x) => tf.mul(tf.tensor1d([1, 2, 3, 4]), tf.sum(tf.mul(tf.zeros([5000]), tf.sum(x))))),
    ).not.toThrow()
  })

  it('reading after the trace', () => {
    forward((x) => x)
    expect(tf.tensor1d([3]).dataSync()[0]).toBe(3)
  })
})

describe('tfjs is left as it was', () => {
  const kernels = (): number => tf.getKernelsForBackend('lotion-onnx-trace').length
  const program = (fn: Fn) => ({
    name: 'p',
    shapes: { w: [4] },
    loss: ({ w }: Tree<tf.Tensor>) => fn(given(w)),
    terms: () => 1,
  })

  it.each([
    ['success', (x: tf.Tensor) => tf.sum(tf.square(tf.softmax(x)))],
    ['failure in the middle', (x: tf.Tensor) => tf.sum(tf.mul(tf.softmax(x), tf.randomUniform([4])))],
  ])('after %s', (_, fn) => {
    const before = tf.memory()
    try {
      traceGradients(program(fn), {}, settings)
    } catch (error) {
      expect(String(error)).toContain('randomUniform')
    }
    const { numTensors, numDataBuffers, numBytes } = tf.memory()
    expect({ numTensors, numDataBuffers, numBytes }).toEqual({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
      numBytes: before.numBytes,
    })
    expect(tf.getBackend()).toBe('cpu')
    expect(tf.findBackend('lotion-onnx-trace')).toBeNull()
    expect(kernels()).toBe(0)
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.square(x)))(tf.tensor1d([3]))
    expect(gradient.dataSync()[0]).toBe(6)
  })

  it('with no backend chosen yet', () => {
    const engine = tf.engine()
    const chosen = engine.backendName
    // The state of a process in which nothing has computed yet.
    Object.assign(engine, { backendName: null, backendInstance: null })
    forward((x) => tf.neg(x))
    expect(engine.backendName).toBeNull()
    expect(tf.tensor1d([2]).dataSync()[0]).toBe(2)
    expect(tf.getBackend()).toBe(chosen)
  })
})

describe('further rules', () => {
  it('are used when given', () => {
    const complex = defineKernel<'real' | 'imag'>('Complex', (graph, { real }) =>
      graph.emit('Neg', [real], real),
    )
    const extended = { ...settings, kernels: [complex] }
    const traced = traceForward(
      'test',
      (_, { x }) => ({ y: tf.complex(given(x), given(x)) }),
      {},
      { x: port },
      extended,
    )
    expect(traced.graph.nodes.map(({ op }) => op)).toEqual(['Neg'])
  })

  it('that fail are named', () => {
    const broken = defineKernel('Neg', () => {
      throw new Error('no idea')
    })
    const extended = { ...settings, kernels: [broken] }
    expect(() => forward((x) => tf.neg(x), extended)).toThrow('Neg: no idea')
  })
})

afterEach(() => {
  expect(tf.getBackend()).toBe('cpu')
})

function printed(x: tf.Tensor): tf.Tensor {
  x.print()
  return x
}

function given(tensor: tf.Tensor | undefined): tf.Tensor {
  if (tensor === undefined) throw new Error('expected a tensor')
  return tensor
}

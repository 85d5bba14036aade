// The choice of a backend: order, reasons, software adapters, with injected packages and with those installed
// here.

import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, it } from 'vitest'
import { chooseBackend } from './choose-backend.js'
import type { GpuLike } from './graphics-adapter.js'

tf.env().set('PROD', true)

const absent = (name: string): Promise<never> =>
  Promise.reject(Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' }))
const adapter = (info: object): GpuLike => ({ requestAdapter: () => Promise.resolve({ info }) })
/** A backend under another name: the processor's, which is always there. */
const register = (name: string): Promise<object> => {
  tf.registerBackend(name, tf.findBackendFactory('cpu'))
  for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: name })
  return Promise.resolve({})
}
const importing =
  (...names: readonly string[]) =>
  (name: string): Promise<unknown> => {
    if (!names.includes(name)) return absent(name)
    return register(name.endsWith('webgpu') ? 'webgpu' : name.includes('tfjs-node') ? 'tensorflow' : 'wasm')
  }

afterEach(async () => {
  await tf.setBackend('cpu')
  const { navigator: here } = globalThis as { readonly navigator?: { gpu?: unknown } }
  if (here) delete here.gpu
  for (const name of ['webgpu', 'webgl', 'tensorflow', 'wasm'])
    if (tf.findBackendFactory(name)) tf.removeBackend(name)
  for (const name of ['webgpu', 'webgl', 'tensorflow', 'wasm'])
    for (const { kernelName } of tf.getKernelsForBackend(name)) tf.unregisterKernel(kernelName, name)
})

const names = ({ considered }: { readonly considered: readonly { readonly name: string }[] }): string[] =>
  considered.map(({ name }) => name)

describe('in Node', () => {
  it('falls back to cpu, and says what is missing', async () => {
    const choice = await chooseBackend({ importer: absent })
    expect(choice).toMatchObject({ name: 'cpu', reason: 'always there: plain JavaScript' })
    expect(tf.getBackend()).toBe('cpu')
    expect(choice.considered).toEqual([
      { name: 'webgpu', reason: 'the npm package webgpu is not installed, and there is no navigator.gpu' },
      { name: 'tfjs-node-gpu', reason: '@tensorflow/tfjs-node-gpu is not installed' },
      { name: 'tfjs-node', reason: '@tensorflow/tfjs-node is not installed' },
      { name: 'wasm', reason: '@tensorflow/tfjs-backend-wasm is not installed' },
      { name: 'cpu', reason: 'always there: plain JavaScript' },
    ])
  })

  it.each([
    ['webgpu', '@tensorflow/tfjs-backend-webgpu', '@tensorflow/tfjs-node'],
    ['tfjs-node-gpu', '@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'],
    ['tfjs-node', '@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm'],
    ['wasm', '@tensorflow/tfjs-backend-wasm'],
  ])('prefers %s', async (name, ...packages) => {
    const gpu = adapter({ vendor: 'nvidia', architecture: 'hopper', description: 'H200' })
    const choice = await chooseBackend({ importer: importing(...packages), gpu })
    expect(choice.name).toBe(name)
    if (name === 'webgpu') expect(choice.reason).toBe('adapter: nvidia, hopper, H200')
  })

  it.each([
    ['SwiftShader', { vendor: 'google', architecture: 'swiftshader', device: 'SwiftShader Device' }],
    ['llvmpipe', { vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }],
    ['a fallback', { vendor: 'acme', isFallbackAdapter: true }],
  ])('passes over %s', async (_, info) => {
    const importer = importing('@tensorflow/tfjs-backend-webgpu', '@tensorflow/tfjs-backend-wasm')
    const choice = await chooseBackend({ importer, gpu: adapter(info) })
    expect(choice.name).toBe('wasm')
    expect(choice.considered[0]!.reason).toMatch(
      /^the adapter computes on the processor \(.+\): slower than wasm$/,
    )
    const forced = await chooseBackend({ importer, gpu: adapter(info), software: true })
    expect(forced.name).toBe('webgpu')
  })

  it('passes over no adapter, what breaks while loading, and what does not start', async () => {
    const gpu: GpuLike = { requestAdapter: () => Promise.resolve(null) }
    const importer = async (name: string): Promise<unknown> => {
      if (name === '@tensorflow/tfjs-node-gpu') throw new Error('libcudart.so.12: cannot open\nmore')
      if (name === '@tensorflow/tfjs-node')
        return tf.registerBackend('tensorflow', () => Promise.reject(new Error('no')))
      return absent(name)
    }
    const { considered } = await chooseBackend({ importer, gpu })
    expect(considered.map(({ reason }) => reason).slice(0, 3)).toEqual([
      'no adapter: no graphics processor or no driver for it',
      'libcudart.so.12: cannot open',
      'installed, but it could not be started',
    ])
  })

  it('passes over what starts and then cannot compute, with the reason', async () => {
    const importer = async (name: string): Promise<unknown> => {
      if (name !== '@tensorflow/tfjs-node') return absent(name)
      await register('tensorflow')
      for (const { kernelName } of tf.getKernelsForBackend('tensorflow')) {
        tf.unregisterKernel(kernelName, 'tensorflow')
        tf.registerKernel({
          kernelName,
          backendName: 'tensorflow',
          kernelFunc: () => {
            throw new TypeError('(0 , util_1.isNullOrUndefined) is not a function')
          },
        })
      }
      return {}
    }
    const choice = await chooseBackend({ importer })
    expect(choice.name).toBe('cpu')
    expect(choice.considered.find(({ name }) => name === 'tfjs-node')!.reason).toBe(
      '(0 , util_1.isNullOrUndefined) is not a function',
    )
    expect((await tf.square([1, 2]).data())[1]).toBe(4)
  })

  it('takes what is installed here', async () => {
    const choice = await chooseBackend()
    // This package's tests bring wasm along, and at most adapters that compute on the processor.
    expect(['webgpu', 'wasm']).toContain(choice.name)
    expect(tf.getBackend()).toBe(choice.name)
    expect((await tf.square([1, 2]).data())[1]).toBe(4)
  })
})

describe('in a browser', () => {
  it('passes over webgl without 32-bit floats', async () => {
    await register('webgl')
    const add = tf.getKernel('Add', 'webgl')
    tf.unregisterKernel('Add', 'webgl')
    tf.registerKernel({
      ...add,
      kernelName: 'Add',
      backendName: 'webgl',
      kernelFunc: () => tf.engine().makeTensor(Float32Array.of(1), [], 'float32'),
    })
    const choice = await chooseBackend({
      browser: true,
      importer: importing('@tensorflow/tfjs-backend-wasm'),
    })
    expect(names(choice)).toEqual(['webgpu', 'webgl', 'wasm'])
    expect(choice.considered[0]!.reason).toBe('this browser has no navigator.gpu')
    expect(choice.considered[1]!.reason).toMatch(/^does not compute in 32 bits: \(1 \+ 2⁻²³\) − 1 = 0$/)
  })

  it('takes webgl with 32-bit floats, registered before', async () => {
    await register('webgl')
    const choice = await chooseBackend({ browser: true, importer: absent })
    expect(choice).toMatchObject({ name: 'webgl', reason: 'WebGL with 32-bit floats' })
  })
})

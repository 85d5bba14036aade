// Memory that native code works with: a caller's buffers may be resized or transferred meanwhile, and steps,
// engines and threads may be dropped without being closed. A session of two threads has one of its own, so
// the process's threads tell which live.

import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { amount } from '@lotion/test-kit'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, describe, expect, it } from 'vitest'
import { onnxEngine, type OnnxEngine } from './onnx-engine.js'

const bindings = ['native', 'node'] as const
const opened: OnnxEngine[] = []
afterAll(() => Promise.all(opened.map((engine) => engine.close())))
const engineOf = async (binding: 'native' | 'node', threads = 1): Promise<OnnxEngine> => {
  const engine = await onnxEngine({ binding, threads, verifyFirstStep: false })
  opened.push(engine)
  return engine
}

/** Products long enough that a run is under way while JavaScript goes on. */
const side = 384
const program = {
  name: 'products',
  shapes: { w: [side, side] },
  loss: ({ w }: Readonly<Record<string, tf.Tensor>>) => {
    let product = w!
    for (let i = 0; i < 4; i++) product = tf.tanh(tf.matMul(product, w!, false, i % 2 === 0))
    return tf.mean(product)
  },
  terms: () => 1,
}
/** What the library typings of the language's 2023 version lack. */
const Resizable = ArrayBuffer as unknown as new (
  bytes: number,
  options: { readonly maxByteLength: number },
) => ArrayBuffer & { resize(bytes: number): void }
/** Take a buffer away from its array, as `postMessage` does. */
const takeAway = ({ buffer }: Float32Array): void => {
  if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] })
  else throw new TypeError('expected a buffer that can be transferred')
}
const weights = (buffer: ArrayBuffer): Float32Array => {
  const array = new Float32Array(buffer)
  array.forEach((_, i) => (array[i] = Math.sin(i) / 16))
  return array
}
const bytes = 4 * side * side

describe.each(bindings.slice(0, amount(1, 2)))("a caller's buffer, %s binding", (binding) => {
  const result = async (w: Float32Array, meanwhile: (w: Float32Array) => void) => {
    const step = (await engineOf(binding)).gradients(program)
    // Compiled by a run of its own, so that what comes meanwhile meets a run.
    await step.run({ w: weights(new ArrayBuffer(bytes)) }, {})
    const run = step.run({ w }, {})
    await new Promise((resolve) => setImmediate(resolve))
    meanwhile(w)
    // Whatever was freed is used for something else.
    const other = Array.from({ length: 20 }, () => new Float32Array(side * side).fill(Number.NaN))
    const { loss, gradients } = await run
    expect(other).toHaveLength(20)
    return { loss, w: Float32Array.from(gradients['w']!) }
  }
  const expected = result(weights(new ArrayBuffer(bytes)), () => {})

  it('that is resized during a run changes nothing', async () => {
    const resizable = new Resizable(bytes, { maxByteLength: bytes })
    const found = await result(weights(resizable), () => resizable.resize(4))
    expect(found).toEqual(await expected)
    expect(Number.isFinite(found.loss)).toBe(true)
  })

  it('that is transferred during a run changes nothing', async () => {
    const found = await result(weights(new ArrayBuffer(bytes)), takeAway)
    expect(found).toEqual(await expected)
  })

  it('that is gone while a step is compiled is refused by name', async () => {
    const step = (await engineOf(binding)).gradients(program)
    const w = weights(new ArrayBuffer(bytes))
    const run = step.run({ w }, {})
    takeAway(w)
    await expect(run).rejects.toThrow(
      /input 'w': expected 147456 elements, found 0; was its buffer resized or transferred\?/,
    )
  })

  it('for gradients that is transferred during a run is refused by name', async () => {
    const engine = await onnxEngine({
      binding,
      threads: 1,
      verifyFirstStep: false,
      memory: {
        allocate: (shapes) =>
          Object.fromEntries(
            Object.keys(shapes).map((name) => [
              name,
              new Float32Array(name === 'out:0' || shapes[name]!.length === 0 ? 1 : side * side),
            ]),
          ),
      },
    })
    opened.push(engine)
    const step = engine.gradients(program)
    const w = weights(new ArrayBuffer(bytes))
    const { gradients } = await step.run({ w }, {})
    expect(Float32Array.from(gradients['w']!)).toEqual((await expected).w)
    const run = step.run({ w }, {})
    await new Promise((resolve) => setImmediate(resolve))
    takeAway(gradients['w']!)
    await expect(run.then(() => step.run({ w }, {}))).rejects.toThrow(
      /output 'w': expected 147456 elements, found 0/,
    )
  })
})

const threads = (): number => readdirSync('/proc/self/task').length

/**
 * Until the process has at most so many threads, or no longer loses any; finalizers run at some time after a
 * collection.
 */
async function settle(most: number): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let fewest = threads()
  for (let idle = 0; idle < 10 && fewest > most; idle++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 10))
    if (threads() < fewest) idle = 0
    fewest = Math.min(fewest, threads())
  }
  return threads()
}

const double = { x: { data: Float32Array.of(2), shape: [1] } }

describe.skipIf(process.platform !== 'linux')('what nobody closes is freed', () => {
  it.each(bindings.slice(0, amount(1, 2)))('steps of an engine that goes on, %s binding', async (binding) => {
    const engine = await engineOf(binding, 2)
    const once = async (): Promise<void> => {
      const step = engine.forward((_, { x }) => ({ y: tf.neg(x!) }))
      expect(await step.run({}, double)).toEqual({ y: Float32Array.of(-2) })
    }
    await once()
    await settle(0)
    const before = threads()
    for (let i = 0; i < 20; i++) await once()
    expect(threads()).toBeGreaterThan(before + 5)
    expect(await settle(before)).toBeLessThanOrEqual(before)
    await once()
  })

  it.each(bindings.slice(0, amount(1, 2)))('engines, %s binding', async (binding) => {
    const once = async (): Promise<void> => {
      const engine = await onnxEngine({ binding, threads: 2 })
      const step = engine.forward((_, { x }) => ({ y: tf.neg(x!) }))
      expect(await step.run({}, double)).toEqual({ y: Float32Array.of(-2) })
    }
    await once()
    await settle(0)
    const before = threads()
    for (let i = 0; i < 20; i++) await once()
    expect(threads()).toBeGreaterThan(before + 5)
    expect(await settle(before)).toBeLessThanOrEqual(before)
  })

  const ends = [
    ['native', 'is terminated'],
    ['native', 'returns'],
    ['node', 'is terminated'],
  ] as const
  it.each(ends.slice(0, amount(1, 3)))('a thread, %s binding, that %s', async (binding, end) => {
    await settle(0)
    const before = threads()
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(workerText(binding))}`), {
      execArgv: ['--conditions=@lotion/source'],
    })
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    // The worker's own threads, and five sessions of two threads.
    expect(threads()).toBeGreaterThanOrEqual(before + 6)
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    if (end === 'is terminated') await worker.terminate()
    else worker.postMessage(end)
    await ended
    expect(await settle(before)).toBeLessThanOrEqual(before)
  })
})

function workerText(binding: string): string {
  const root = new URL('../../../package.json', import.meta.url)
  const tsx = pathToFileURL(
    join(dirname(createRequire(root).resolve('tsx/package.json')), 'dist/esm/api/index.mjs'),
  )
  return `
    import { parentPort } from 'node:worker_threads'
    import { register } from ${JSON.stringify(tsx.href)}
    register()
    const { onnxEngine } = await import(${JSON.stringify(new URL('./onnx-engine.ts', import.meta.url).href)})
    const tf = await import(${JSON.stringify(import.meta.resolve('@tensorflow/tfjs-core'))})
    const engine = await onnxEngine({ binding: '${binding}', threads: 2 })
    const kept = []
    for (let i = 0; i < 5; i++) {
      const step = engine.forward((_, { x }) => ({ y: tf.neg(x) }))
      await step.run({}, { x: { data: Float32Array.of(i), shape: [1] } })
      kept.push(step)
    }
    parentPort.once('message', () => {})
    parentPort.postMessage('ready')`
}

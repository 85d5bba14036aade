// What a device's own arithmetic does: measured, not believed. Comes in: a runtime. Goes out: errors in ulp
// by operation.
// Source: docs/design/08-gpu.md.

import { uniforms } from '@lotion/core'
import { ulpDistance } from '@lotion/core/internal'
import type { Runtime } from './gpu-js.js'

/**
 * Largest errors seen of a device's own operations on ordinary numbers, in units in the last place; 0 is what
 * IEEE 754 asks.
 * @experimental
 */
export interface HardwareReport {
  /** Of x + y, also of pairs that nearly cancel; in ulp, as all of them. */
  readonly add: number
  /** Of x − y, in ulp. */
  readonly sub: number
  /** Of x · y, in ulp. */
  readonly mul: number
  /** Of x / y, in ulp. Above 0, kernels on WebGPU divide in integers. */
  readonly div: number
  /** Of √|x|, in ulp. Above 0, kernels on WebGPU take roots in integers. */
  readonly sqrt: number
  /** Whether a product and a sum in one expression round once. */
  readonly fuses: boolean
  /** Whether numbers under 2^-126 become 0. */
  readonly flushes: boolean
}

/** The operations as text, on x and y. */
export type Operations = Readonly<Record<'add' | 'sub' | 'mul' | 'div' | 'sqrt', string>>

const operators: Operations = { add: 'x + y', sub: 'x - y', mul: 'x * y', div: 'x / y', sqrt: 'Math.sqrt(x)' }

const SAMPLES = 4096

/** Numbers of either sign from 2^-20 to 2^20, and pairs of them that nearly cancel. */
function samples(stream: string): Float32Array {
  const [size, sign] = ['size', 'sign'].map((part) =>
    uniforms({ seed: 1, stream: `${stream} ${part}` }, SAMPLES),
  )
  return size!.map((u, i) => 2 ** (40 * u - 20) * (sign![i]! < 0.5 ? -1 : 1))
}

/** Run a device's own operations on thousands of numbers. */
export async function measureHardware(
  runtime: Runtime,
  operations: Operations = operators,
): Promise<HardwareReport> {
  const [x, y] = [samples('x'), samples('y')]
  // Every fourth pair nearly cancels.
  y.forEach((_, i) => (i % 4 === 0 ? (y[i] = -Math.fround(x[i]! * (1 + 2 ** -20))) : 0))
  const run = async (text: string, arrays: readonly Float32Array[]): Promise<Float32Array> => {
    const buffers = arrays.map((array) => runtime.upload(array))
    const names = ['x', 'y', 'z'].slice(0, arrays.length)
    const kernel = runtime.kernel(
      `function (${names.map((name) => `a${name}`).join(', ')}) {\n${names
        .map((name) => `const ${name} = a${name}[this.thread.x]`)
        .join('\n')}\nreturn ${text}\n}`,
      Object.fromEntries(names.map((name) => [`a${name}`, 'Array'])),
      1,
    )
    const result = await kernel.run(
      buffers.map(({ values }) => values),
      arrays[0]!.length,
    )
    const found = await runtime.read(result, arrays[0]!.length)
    for (const buffer of [...buffers, result]) buffer.release()
    return found
  }
  const worst = async (text: string, arrays: readonly Float32Array[], exact: (i: number) => number) =>
    (await run(text, arrays)).reduce(
      (most, found, i) => Math.max(most, ulpDistance(found, Math.fround(exact(i)))),
      0,
    )

  const pairs = [x, y]
  const positive = x.map(Math.abs)
  // The product's rounding error: 0 unless product and sum round once.
  const product = x.map((value, i) => -Math.fround(value * y[i]!))
  return Object.freeze({
    add: await worst(operations.add, pairs, (i) => x[i]! + y[i]!),
    sub: await worst(operations.sub, pairs, (i) => x[i]! - y[i]!),
    mul: await worst(operations.mul, pairs, (i) => x[i]! * y[i]!),
    div: await worst(operations.div, pairs, (i) => x[i]! / y[i]!),
    sqrt: await worst(operations.sqrt, [positive], (i) => Math.sqrt(positive[i]!)),
    fuses: (await run('x * y + z', [x, y, product])).some((value) => value !== 0),
    flushes: (await run('x * y', [Float32Array.of(2 ** -100), Float32Array.of(2 ** -40)]))[0] !== 2 ** -140,
  })
}

// Ways to multiply matrices: our executor, tfjs's WebAssembly backend with its kernels and with ours, PyTorch.
// Comes in: cases. Goes out: times and samples of the products. Source: docs/design/07-cpu.md, "Matrix products".

import { fileURLToPath } from 'node:url'
import { cpuExecutor } from '@lotion/cpu'
import { matmul, type CpuTensor } from '@lotion/cpu/gemm'
import { registerWasmKernels, type WasmKernels } from '@lotion/tfjs/wasm'
import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { PeerContext } from '../engine/engine-peer.js'
import { lineProcess } from '../engine/line-process.js'
import { findTorch, torchThreads } from '../engine/torch-environment.js'
import { openWasmBackend } from '../engine/wasm-backend.js'
import { bindThread, threadsStartedBy } from '../kernels/processors.js'
import { operand, sampleOf, storedShapes, type MatmulCase } from './matmul-case.js'

/** What one timing found. */
export interface MatmulRun {
  /** Of one product. */
  readonly milliseconds: number
  readonly sample: readonly number[]
}

/** One way to multiply, on so many threads. */
export interface MatmulWay {
  readonly name: string
  readonly threads: number
  /** Measured rounds, at most. */
  readonly rounds: number
  run(one: MatmulCase, repeats: number): Promise<MatmulRun>
  close(): Promise<void>
}

/** Ways that are there, or why not. */
export type OpenedWays = readonly MatmulWay[] | { readonly skipped: string }

/** Make what a case needs once. */
function remember<V>(make: (one: MatmulCase) => V): (one: MatmulCase) => V {
  const made = new Map<MatmulCase, V>()
  return (one) => {
    const value = made.get(one) ?? make(one)
    made.set(one, value)
    return value
  }
}

/** A product long enough to be shared out. */
const SHARED: CpuTensor = { data: new Float32Array(2 ** 18), shape: [512, 512] }

/** The executor of `@lotion/cpu`, operands in its memory; its threads on processors of their own, if there are enough, but the first's. */
export function executorWays(
  threads: readonly number[],
  processors: readonly number[],
): readonly MatmulWay[] {
  return threads.map((count): MatmulWay => {
    const executor = cpuExecutor({ threads: count })
    if (count > 1) {
      const started = threadsStartedBy(() => void matmul(executor, SHARED, SHARED))
      if (processors.length >= count) started.forEach((thread, i) => bindThread(thread, processors[i + 1]!))
    }
    const operands = remember((one) => {
      const { a, b } = storedShapes(one)
      const [left, right] = [a, b].map((shape) => ({ data: executor.upload(operand(shape), shape), shape }))
      return { a: left!, b: right!, into: matmul(executor, left!, right!, one).data }
    })
    return {
      name: 'ours',
      threads: count,
      rounds: Number.POSITIVE_INFINITY,
      run: async (one, repeats) => {
        const { a, b, into } = operands(one)
        const start = performance.now()
        for (let i = 0; i < repeats; i++) matmul(executor, a, b, { ...one, into })
        return { milliseconds: (performance.now() - start) / repeats, sample: sampleOf(into) }
      },
      close: async () => executor.close(),
    }
  })
}

/** tfjs's WebAssembly backend, as it comes and with our kernels. */
export async function wasmWays(): Promise<OpenedWays> {
  const backend = await openWasmBackend()
  if ('skipped' in backend) return backend
  const operands = remember((one) => {
    const { a, b } = storedShapes(one)
    return [a, b].map((shape) => tf.tensor(operand(shape), [...shape], 'float32'))
  })
  const way = (
    name: string,
    rounds: number,
    register: () => WasmKernels,
    close: () => Promise<void>,
  ): MatmulWay => ({
    name,
    threads: 1,
    rounds,
    run: async (one, repeats) => {
      const [a, b] = operands(one)
      const { restore } = register()
      try {
        const start = performance.now()
        const products = Array.from({ length: repeats }, () =>
          tf.matMul(a!, b!, one.transposeA, one.transposeB),
        )
        const milliseconds = (performance.now() - start) / repeats
        const sample = sampleOf(await products[0]!.data())
        tf.dispose(products)
        return { milliseconds, sample }
      } finally {
        restore()
      }
    },
    close,
  })
  return [
    // Transposed products take tens of times as long: fewer rounds say as much.
    way(
      'tfjs wasm',
      3,
      () => registerWasmKernels({ only: 'repairs' }),
      async () => undefined,
    ),
    way('tfjs wasm, our kernels', Number.POSITIVE_INFINITY, () => registerWasmKernels(), backend.close),
  ]
}

const program = fileURLToPath(new URL('../../python/torch_matmul.py', import.meta.url))
const running = z.object({ milliseconds: z.number(), sample: z.array(z.number()) })

/** PyTorch on the CPU, in a Python process of its own. */
export async function torchWays(
  threads: readonly number[],
  context: PeerContext & { readonly processors: readonly number[] },
): Promise<OpenedWays> {
  const found = await findTorch(context)
  if ('skipped' in found) return found
  const child = lineProcess({
    name: 'PyTorch',
    command: found.python,
    arguments: [program],
    env: {
      ...torchThreads(Math.max(...threads)),
      ...(context.processors.length > 0 ? { GOMP_CPU_AFFINITY: context.processors.join(' ') } : {}),
    },
    signal: context.signal,
  })
  try {
    await child.request({ do: 'open' })
  } catch (error) {
    await child.close()
    context.signal.throwIfAborted()
    return { skipped: error instanceof Error ? error.message : String(error) }
  }
  return threads.map((count) => ({
    name: 'PyTorch',
    threads: count,
    rounds: Number.POSITIVE_INFINITY,
    run: async (one, repeats) => {
      const { batch, rows, depth, columns, transposeA, transposeB } = one
      const [a, b] = [
        [...batch, rows, depth],
        [...batch, depth, columns],
      ]
      const request = { do: 'run', a, b, transposeA, transposeB, threads: count, repeats }
      return running.parse(await child.request(request))
    },
    close: () => child.close(),
  }))
}

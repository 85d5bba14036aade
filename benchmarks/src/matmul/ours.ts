// Competitor: matrix products of @lotion/cpu, operands in the executor's memory. Comes in: products.
// Goes out: tasks on a number of threads. Source: docs/design/07-cpu.md, "Matrix products".

import { cpuExecutor } from '@lotion/cpu'
import { matmul, type CpuTensor } from '@lotion/cpu/gemm'
import type { Competitor, CompetitorDefinition } from '../harness/competitor.js'
import { bindThreads, threadsStartedBy } from '../harness/processors.js'
import {
  nameOf,
  once,
  operand,
  repeatsOf,
  sampleOf,
  storedShapes,
  type MatmulSubject,
  type Sample,
} from './matmul-case.js'

/** A product long enough to be shared out. */
const sharedOperand: CpuTensor = { data: new Float32Array(2 ** 18), shape: [512, 512] }

/** `matmul` of `@lotion/cpu/gemm` on a number of threads. */
export const ours = (threads: number): CompetitorDefinition<MatmulSubject, Competitor<Sample>> => ({
  name: 'ours',
  open: async ({ cases }) => {
    const executor = cpuExecutor({ threads })
    const started = threadsStartedBy(() => void matmul(executor, sharedOperand, sharedOperand))
    return {
      tasks: cases.map((one) => {
        const operands = once(() => {
          const { a, b } = storedShapes(one)
          const [left, right] = [a, b].map((shape) => ({
            data: executor.upload(operand(shape), shape),
            shape,
          }))
          return { a: left!, b: right!, into: matmul(executor, left!, right!, one).data }
        })
        const run = async (repeats = repeatsOf(one)): Promise<number> => {
          const { a, b, into } = operands()
          const start = performance.now()
          for (let i = 0; i < repeats; i++) matmul(executor, a, b, { ...one, into })
          return (performance.now() - start) / repeats
        }
        const first = async (): Promise<Sample> => {
          await run(1)
          return sampleOf(operands().into)
        }
        return { task: nameOf(one), threads, first, run: () => run() }
      }),
      bind: async (processors) => bindThreads(started, processors.slice(0, threads)),
      close: async () => executor.close(),
    }
  },
})

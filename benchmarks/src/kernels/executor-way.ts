// Way: an executor of this process. Comes in: how to make it. Goes out: its steps.
// Source: docs/design/07-cpu.md.

import { layoutOf, mapTree, type Tree } from '@lotion/core'
import { cpuExecutor, type CpuExecutor } from '@lotion/cpu'
import { stepArrays, type KernelCase, type StepArray } from './kernel-case.js'
import {
  endsOf,
  fillFromStart,
  type KernelWay,
  type KernelWorkload,
  type WayDefinition,
  type WayStep,
} from './kernel-way.js'
import { bindThread, threadsStartedBy } from './processors.js'

/** `@lotion/cpu` as WebAssembly SIMD on a number of threads; the workload's if none is given. */
export const wasmWay = (threads?: number): WayDefinition =>
  Object.freeze({
    name: 'wasm',
    bytesPerWeight: 16,
    open: async (workload: KernelWorkload) =>
      cpuWay(
        'wasm',
        workload,
        cpuExecutor({ threads: threads ?? workload.threads }),
        threads ?? workload.threads,
      ),
  })

/** `@lotion/cpu` as emitted JavaScript. */
export const jsWay: WayDefinition = Object.freeze({
  name: 'js',
  bytesPerWeight: 16,
  open: async (workload: KernelWorkload) => cpuWay('js', workload, cpuExecutor({ wasm: false }), 1),
})

function cpuWay(
  name: string,
  { weights, cases }: KernelWorkload,
  executor: CpuExecutor,
  threads: number,
): KernelWay {
  const w = executor.zeros([weights])
  const arrays = Object.fromEntries(
    stepArrays.map((array) => [array, array === 'w' ? w : executor.zeros([weights], w)] as const),
  )
  const started: number[] = []
  const notes: string[] = []
  const step = (one: KernelCase): WayStep => ({
    step: one.name,
    variant: '',
    slow: name === 'js',
    first: async () => {
      for (const array of stepArrays) fillFromStart(arrays[array]!, array)
      started.push(...threadsStartedBy(() => run(one, executor, arrays)))
      // Formulas of one name replace each other in the report: this is the one that ran last.
      const ran = executor.report().formulas.find((formula) => formula.name === one.fn.name)
      if (ran && ran.backend !== name)
        notes.push(`${one.name} runs as ${ran.backend}: ${ran.reason ?? 'no reason given'}`)
      if (ran && ran.copied > 0 && name === 'wasm')
        notes.push(`${one.name} copies its arrays: they lie apart`)
      return mapTree(written(arrays), endsOf)
    },
    run: async () => {
      const start = performance.now()
      run(one, executor, arrays)
      return performance.now() - start
    },
  })
  return {
    name,
    version: '',
    threads,
    exact: true,
    steps: cases.map(step),
    notes: () => notes,
    pin: async (processors) => {
      const bound = [process.pid, ...started].map((thread, i) =>
        bindThread(thread, processors[i % processors.length]!),
      )
      return `threads on ${bound.join(', ')}`
    },
    close: async () => executor.close(),
  }
}

function written(arrays: Tree<Float32Array>): Tree<Float32Array> {
  const { gradient: _read, ...into } = arrays satisfies Partial<Record<StepArray, Float32Array>>
  return into
}

function run({ fn, block, scalars }: KernelCase, executor: CpuExecutor, arrays: Tree<Float32Array>): void {
  const length = arrays['w']?.length ?? 0
  executor.lanes([
    { fn, inputs: { ...arrays, ...scalars }, layout: layoutOf([length], block), into: written(arrays) },
  ])
}

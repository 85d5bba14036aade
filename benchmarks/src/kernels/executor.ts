// Competitors: the executor of @lotion/cpu, as WebAssembly on a number of threads and as JavaScript.
// Comes in: steps. Goes out: the same steps on arrays in its memory. Source: docs/design/07-cpu.md.

import { layoutOf, mapTree, type Tree } from '@lotion/core'
import { cpuExecutor, type CpuExecutor } from '@lotion/cpu'
import { millisecondsOf, type Competitor, type TimedTask } from '../harness/competitor.js'
import { bindThreads, threadsStartedBy } from '../harness/processors.js'
import { stepArrays, type KernelCase, type StepArray } from './kernel-case.js'
import {
  endsOf,
  fillFromStart,
  slowRounds,
  type KernelDefinition,
  type KernelOutcome,
  type KernelSubject,
} from './kernel-competitor.js'

/** `@lotion/cpu` as WebAssembly SIMD on a number of threads. */
export const wasm = (threads: number): KernelDefinition => ({
  name: 'wasm',
  bytesPerWeight: 16,
  open: async (subject) => onExecutor('wasm', subject, cpuExecutor({ threads }), threads),
})

/** `@lotion/cpu` as emitted JavaScript. */
export const js: KernelDefinition = Object.freeze({
  name: 'js',
  bytesPerWeight: 16,
  open: async (subject: KernelSubject) => onExecutor('js', subject, cpuExecutor({ wasm: false }), 1),
})

function onExecutor(
  name: 'wasm' | 'js',
  { weights, cases }: KernelSubject,
  executor: CpuExecutor,
  threads: number,
): Competitor<KernelOutcome> {
  const w = executor.zeros([weights])
  const arrays = Object.fromEntries(
    stepArrays.map((array) => [array, array === 'w' ? w : executor.zeros([weights], w)] as const),
  )
  const started: number[] = []
  const notes: string[] = []
  const taskOf = (one: KernelCase): TimedTask<KernelOutcome> => ({
    task: one.name,
    threads,
    ...(name === 'js' ? { rounds: slowRounds(weights) } : {}),
    first: async () => {
      for (const array of stepArrays) fillFromStart(arrays[array]!, array)
      started.push(...threadsStartedBy(() => take(one, executor, arrays)))
      // Formulas of one name replace each other in the report: this is the one that ran last.
      const ran = executor.report().formulas.find((formula) => formula.name === one.fn.name)
      if (ran && ran.backend !== name)
        notes.push(`${one.name} runs as ${ran.backend}: ${ran.reason ?? 'no reason given'}`)
      if (ran && ran.copied > 0 && name === 'wasm')
        notes.push(`${one.name} copies its arrays: they lie apart`)
      return mapTree(written(arrays), endsOf)
    },
    run: () => millisecondsOf(() => take(one, executor, arrays)),
  })
  return {
    exact: true,
    tasks: cases.map(taskOf),
    notes: () => notes,
    bind: async (processors) => bindThreads(started, processors.slice(0, threads)),
    close: async () => executor.close(),
  }
}

function written(arrays: Tree<Float32Array>): Tree<Float32Array> {
  const { gradient: _read, ...into } = arrays satisfies Partial<Record<StepArray, Float32Array>>
  return into
}

function take({ fn, block, scalars }: KernelCase, executor: CpuExecutor, arrays: Tree<Float32Array>): void {
  const layout = layoutOf([arrays['w']!.length], block)
  executor.lanes([{ fn, inputs: { ...arrays, ...scalars }, layout, into: written(arrays) }])
}

// The code that is made for a lane function. Comes in: a lane function. Goes out: text by target. WebAssembly
// is caught where it is compiled, while the function runs: it is the code that ran, whatever the executor
// decides.

import { blockOf, layoutOf, perTensor, trace } from '@lotion/core'
import { emitJs, totalStages, totalsOf } from '@lotion/core/internal'
import { cpuExecutor, type CpuExecutor } from '@lotion/cpu'
import type { LaneEntry } from './lane-functions.js'
import { listWasm } from './wasm-listing.js'

/** Code of one pass, or one module. */
export interface EmittedPart {
  readonly name: string
  readonly code: string | Uint8Array
  /** The code as lines that a person can compare. */
  text(): string
}

/** The JavaScript of all passes. */
export function emittedJs({ fn }: Pick<LaneEntry, 'fn'>): readonly EmittedPart[] {
  const graph = trace(fn)
  const passes = totalStages([graph]).map((names) =>
    totalsOf(graph).filter(({ name }) => names.includes(name)),
  )
  return [...passes, 'outputs' as const].map((goal) => {
    const { source } = emitJs(graph, goal)
    const name = goal === 'outputs' ? 'outputs' : `total ${goal.map((total) => total.name).join(', ')}`
    return { name, code: source, text: () => source }
  })
}

const emittedShapes = [
  ['along', [16], layoutOf([16], blockOf(8))],
  ['across', [8, 2], layoutOf([8, 2], blockOf(8), 0)],
  ['long', [33_000], layoutOf([33_000], perTensor)],
] as const

type Compile = { Module: new (bytes: Uint8Array) => object }

/** Catch the modules that are compiled while `run` runs. */
function modulesOf(run: () => void): Uint8Array[] {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Compile }
  const { Module } = WebAssembly
  const caught: Uint8Array[] = []
  WebAssembly.Module = class extends Module {
    constructor(bytes: Uint8Array) {
      super(bytes)
      caught.push(bytes.slice())
    }
  }
  try {
    run()
  } finally {
    WebAssembly.Module = Module
  }
  return caught
}

let executor: CpuExecutor | undefined

/**
 * The modules for neighbours, for blocks side by side and for a block longer than one thread takes alone;
 * none without SIMD.
 */
export function emittedWasm({ fn, scalars }: Pick<LaneEntry, 'fn' | 'scalars'>): readonly EmittedPart[] {
  // Its own modules are compiled when it is first used.
  const cpu = (executor ??= cpuExecutor({ threads: 1 }))
  cpu.zeros([1])
  const known = new Set<string>()
  // A formula of the same name with a graph of its own: what was compiled before is compiled again.
  const fresh = { ...fn }
  return emittedShapes.flatMap(([name, shape, layout]) => {
    const inputs = Object.fromEntries(fn.inputs.map((input) => [input, cpu.zeros(shape)]))
    const run = (): void => void cpu.lanes([{ fn: fresh, inputs: { ...scalars, ...inputs }, layout }])
    return modulesOf(run).flatMap((code) => {
      const key = code.join()
      if (known.has(key)) return []
      known.add(key)
      return [{ name, code, text: () => listWasm(code) }]
    })
  })
}

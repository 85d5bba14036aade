// Executor on Float32Array: lane functions as WebAssembly SIMD on threads, or as JavaScript where that is not
// to be had. Comes in: lane calls. Goes out: arrays, equal to the f32 twin bit for bit.
// Source: docs/design/07-cpu.md.

import {
  checkUpload,
  evaluate,
  mapTree,
  sizeOf,
  uniforms,
  type Allocator,
  type Executor,
  type RandomKey,
  type Shape,
  type Tree,
} from '@lotion/core'
import { oneOf, refuseUnknownKeys, threadCount, totalStages } from '@lotion/core/internal'
import type { Backend, ExecutionReport, FormulaReport } from './execution-report.js'
import { offerProducts } from './gemm/product-memory.js'
import { freedArrays } from './freed-arrays.js'
import { hostArrays } from './host-arrays.js'
import { canCompile, jsBackend } from './js-backend.js'
import { checkFloats, prepareCall, type PreparedCall } from './prepared-call.js'
import { openWasm, type WasmSetup, type WasmSide } from './wasm/open-wasm.js'
import { withoutSimd } from './wasm/emit/vector-expression.js'

/** Arrays of one `allocate` that may be one parameter and its states; more are a model's parameters. */
const MOST_COMPANIONS = 8

/** How the executor runs. */
export interface CpuExecutorOptions {
  /**
   * Threads that share long calls; the results do not depend on it. At most 256; default: one a processor, at
   * most 8.
   */
  readonly threads?: number
  /** `false` runs JavaScript. Default `'auto'`: WebAssembly if it has SIMD here. */
  readonly wasm?: 'auto' | false
}

/** The CPU executor: arrays that it makes itself live where its kernels run, and are never copied. */
export interface CpuExecutor extends Executor<Float32Array>, Allocator<Float32Array> {
  /**
   * Give an array's memory back at once; those that are dropped come back when the garbage collector finds
   * them and the event loop turns. Calls refuse the array from then on; reading or writing it by hand is a
   * mistake that is not detected.
   * @param array As it came from `allocate`, `zeros` or `upload`.
   * @throws TypeError if it was freed before; RangeError if it is a view of a part of an array.
   */
  free(array: Float32Array): void
  /**
   * Uniforms in [0, 1) by key, one per weight, from weight `first` on (default 0): those of a tensor can be
   * drawn in parts.
   * @param key The same key gives the same numbers, on every executor.
   * @param length How many.
   * @param first Position of the first number, a multiple of 8.
   * @throws RangeError unless `first` is a multiple of 8.
   */
  uniforms(key: RandomKey, length: number, first?: number): Float32Array
  /** Tell what ran where, and why not faster. */
  report(): ExecutionReport
  /** End its threads; it goes on with one. Not needed for the process to end. */
  close(): void
}

/**
 * Make the CPU executor. Arrays are `Float32Array`: those of `allocate`, `zeros` and `upload` are worked on
 * in place, others through copies. Outputs may overwrite inputs. All arguments of all calls are checked
 * before the first output is written. An array from here that is posted to another thread must be kept here
 * too for as long.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range.
 * @example
 * ```ts
 * import { castNearest, layoutOf } from '@lotion/core'
 * import { cpuExecutor } from '@lotion/cpu'
 * import { int4 } from '@lotion/formats'
 *
 * const cpu = cpuExecutor({ threads: 1 })
 * const w = cpu.upload(Float32Array.of(0.31, -1.2, 0.05, 0.6), [4])
 * cpu.lanes([{ fn: castNearest(int4), inputs: { w }, layout: layoutOf([4], int4.block), into: { w } }])
 * console.log(w, cpu.report())
 * ```
 */
export function cpuExecutor(options: CpuExecutorOptions = {}): CpuExecutor {
  refuseUnknownKeys('cpuExecutor', options, { threads: true, wasm: true })
  return executorWithin({}, options)
}

/** Make an executor with memories or threads that are not the usual ones: for tests. */
export function executorWithin(
  setup: WasmSetup,
  { threads, wasm = 'auto' }: CpuExecutorOptions = {},
): CpuExecutor {
  if (threads !== undefined) threadCount('threads', threads)
  oneOf('wasm', wasm, ['auto', false])
  const side: WasmSide | undefined = wasm ? openWasm(threads, setup) : undefined
  const js = canCompile() ? jsBackend() : undefined
  const fallback: Backend = js ? 'js' : 'interpreter'
  const formulas = new Map<string, FormulaReport>()

  const note = (call: PreparedCall, backend: Backend, reason: string | undefined): void => {
    const { name } = call.graph
    const known = formulas.get(name)
    const copies = backend === 'wasm' ? side?.copies(call) : undefined
    const counts = {
      calls: (known?.calls ?? 0) + 1,
      copied: (known?.copied ?? 0) + (copies ? 1 : 0),
      apart: (known?.apart ?? 0) + (copies === 'apart' ? 1 : 0),
    }
    formulas.set(name, { name, backend, ...counts, ...(reason === undefined ? {} : { reason }) })
  }

  const inWasm = (call: PreparedCall): boolean => {
    if (!side?.available()) {
      note(call, fallback, undefined)
      return false
    }
    const missing = withoutSimd(call.graph)
    note(call, missing === undefined ? 'wasm' : fallback, missing)
    return missing === undefined
  }

  const ordinary = hostArrays(() => side?.memories().bytes ?? 0, setup.hostMemory)
  const freed = freedArrays()
  const floats = (length: number, near?: Float32Array, parameter?: boolean): Float32Array =>
    side?.floats(length, near, parameter) ?? ordinary(length)

  const executor = Object.freeze({
    name: 'cpu',
    arithmetic: 'f32',
    lanes: (calls) => {
      const prepared = calls.map(prepareCall)
      for (const { graph, arrays, outputs } of prepared) {
        freed.refuse(graph.name, arrays.entries())
        freed.refuse(graph.name, Object.entries(outputs))
      }
      const fast = prepared.map(inWasm)
      if (!js && fast.includes(false)) interpret(prepared)
      else run(prepared, fast)
      return prepared.map(({ outputs }) => outputs)
    },
    uniforms: (key, length, first = 0) => {
      if (!Number.isSafeInteger(first / 8) || first < 0)
        throw new RangeError(
          `first: expected a multiple of 8, found ${first}; numbers are made in groups of 8`,
        )
      return side?.uniforms(key, length, first) ?? uniforms(key, length, first)
    },
    zeros: (shape, near) => floats(sizeOf(shape), near),
    upload: (data, shape, near) => {
      checkFloats('data', data)
      checkUpload(data, shape)
      const array = floats(data.length, near)
      array.set(data)
      return array
    },
    read: async (x) => {
      checkFloats('array', x)
      freed.refuse('read', [['array', x]])
      return Float32Array.from(x)
    },
    free: (array) => {
      checkFloats('array', array)
      freed.refuse('free', [['array', array]])
      freed.add(side?.free(array) ? array.buffer : array)
    },
    allocate: (shapes: Tree<Shape>, near: Tree<Float32Array> = {}) => {
      const isModel = Object.keys(shapes).length > MOST_COMPANIONS
      return mapTree(shapes, (shape, name) => floats(sizeOf(shape), near[name], isModel))
    },
    report: () => ({
      backend: side?.available() ? 'wasm' : fallback,
      threads: side?.threads() ?? 1,
      jobs: side?.jobs() ?? { here: 0, elsewhere: 0 },
      memories: side?.memories().count ?? 0,
      memoryBytes: side?.memories().bytes ?? 0,
      reasons: [
        ...(side ? side.reasons() : ['wasm: false']),
        ...(js ? [] : ['code may not be made from text here (content security policy)']),
      ],
      formulas: [...formulas.values()],
    }),
    close: () => side?.close(),
  } satisfies CpuExecutor)
  return offerProducts(executor, { products: (arrays) => side?.products(arrays), floats, freed })

  function run(calls: readonly PreparedCall[], fast: readonly boolean[]): void {
    const totals = new Map<string, number>()
    const kernels = calls.filter((_, i) => fast[i])
    for (const stage of totalStages(calls.map(({ graph }) => graph))) {
      const sums = new Map<string, number>()
      const found = side?.available() ? side.backend().totals(kernels, stage, totals) : []
      let next = 0
      calls.forEach((call, i) => {
        const parts = fast[i] ? found[next++]! : js!.totals(call, stage, totals)
        for (const [name, part] of parts) sums.set(name, (sums.get(name) ?? 0) + part)
      })
      for (const [name, sum] of sums) totals.set(name, Math.fround(sum))
    }
    if (kernels.length > 0) side?.backend().outputs(kernels, totals)
    calls.forEach((call, i) => fast[i] || js!.outputs(call, totals))
  }
}

/** Run calls by the definition: slow, but it needs no code made at run time. */
function interpret(calls: readonly PreparedCall[]): void {
  const results = evaluate(
    calls.map(({ call, layout }) => ({ fn: call.fn, inputs: call.inputs, layout })),
    'f32',
  )
  calls.forEach(({ outputs }, i) => {
    for (const [name, array] of Object.entries(outputs)) array.set(results[i]![name]!)
  })
}

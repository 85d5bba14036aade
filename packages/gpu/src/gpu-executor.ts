// Executor on gpu.js: lane functions as kernels on WebGPU, or as WebAssembly where there is no GPU. Comes in:
// lane calls. Goes out: arrays on the device, equal to the f32 twin bit for bit.
// Source: docs/design/08-gpu.md.

import { checkUpload, sizeOf, type ErrorBounds, type Executor, type RandomKey } from '@lotion/core'
import {
  checkCall,
  keyWords,
  oneOf,
  refuseUnknownKeys,
  THREEFRY_PARITY,
  type CheckedCall,
} from '@lotion/core/internal'
import { blockHelpers } from './block-index.js'
import { arrayTable, drop, fill, keep, openCell, type Cell, type GpuArray } from './device-array.js'
import { callingDialect, glslDialect, plainDialect } from './dialect.js'
import { glslFunctions } from './glsl/arithmetic.js'
import type { GpuMode, Runtime } from './gpu-js.js'
import type { GpuExecutorOptions } from './gpu-executor-options.js'
import type { GpuReport } from './gpu-report.js'
import { measureHardware, type HardwareReport, type Operations } from './hardware.js'
import { kernelSet, type KernelSet } from './kernel-set.js'
import { runJobs, type LaneJob } from './lane-job.js'
import { WGSL_PRELUDE, wgslFunctions } from './natives.js'
import { openRuntime } from './open-runtime.js'
import { doubleHelpers, singleHelpers } from './plain-helpers.js'
import { deviceSums, doubleSums, hostSums, type Sums } from './sums.js'

/** The GPU executor: arrays stay on the device from call to call. @experimental */
export interface GpuExecutor extends Executor<GpuArray> {
  /** Where it runs: what was asked for, else what was found; why not better is in `report`. */
  readonly mode: GpuMode
  readonly bounds: ErrorBounds
  /** Give an array's memory back. @param array One of this executor's; it cannot be used again. */
  free(array: GpuArray): void
  /** Wait until all calls so far have run. @throws what the first of them failed with. */
  settled(): Promise<void>
  /** Tell what runs where, and why. */
  report(): GpuReport
  /** Wait for all calls, then free what the executor holds, its arrays included; it cannot be used again. */
  close(): Promise<void>
}

/**
 * Open the executor. Calls run in their order, later than `lanes` returns; if one fails, reading what it
 * should have written throws. `into` lets an array stand for the new values: until then both take memory.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range, Error if the mode is not
 * to be had, saying what to install.
 * @example
 * ```ts
 * import { castNearest, layoutOf } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { gpuExecutor } from '@lotion/gpu'
 *
 * const gpu = await gpuExecutor() // WebAssembly where there is no GPU
 * const w = gpu.upload(Float32Array.of(0.31, -1.2, 0.05, 0.6), [4])
 * gpu.lanes([{ fn: castNearest(int4), inputs: { w }, layout: layoutOf([4], int4.block), into: { w } }])
 * console.log(await gpu.read(w), gpu.mode, gpu.report())
 * await gpu.close()
 * ```
 * @experimental
 */
export async function gpuExecutor(options: GpuExecutorOptions = {}): Promise<GpuExecutor> {
  refuseUnknownKeys('gpuExecutor', options, { mode: true, exact: true })
  const { mode, exact = false } = options
  oneOf('exact', exact, [true, false])
  const reasons: string[] = []
  const { runtime, hardware, bounds } = await open(mode, exact, reasons)
  const { dialect, prelude, sums } = byMode[runtime.mode]
  const kernels = kernelSet(runtime, dialect, prelude)
  return executorOn(runtime, kernels, sums(kernels), bounds, { reasons, ...(hardware ? { hardware } : {}) })
}

/** A runtime, and what was measured of it. */
interface Opened {
  readonly runtime: Runtime
  readonly hardware?: HardwareReport
  readonly bounds: ErrorBounds
}

/** How formulas are written and reduced in each mode. */
const byMode = {
  webgpu: { dialect: callingDialect, prelude: WGSL_PRELUDE, helpers: [], sums: deviceSums },
  webgl2: { dialect: glslDialect, prelude: '', helpers: [], sums: hostSums },
  webasm: { dialect: plainDialect(Math.fround), prelude: '', helpers: singleHelpers, sums: hostSums },
  cpu: { dialect: plainDialect((value) => value), prelude: '', helpers: doubleHelpers, sums: doubleSums },
} as const

/** The device's own operations, not what gpu.js makes of a quotient. */
const glslOperations: Operations = {
  add: 'fadd(x, y)',
  sub: 'fsub(x, y)',
  mul: 'fmul(x, y)',
  div: 'fdiv(x, y)',
  sqrt: 'fsqrt(x)',
}

async function measureAndClose(bare: Runtime): Promise<HardwareReport> {
  try {
    return await measureHardware(bare)
  } finally {
    await bare.close()
  }
}

async function open(mode: GpuMode | undefined, exact: boolean, reasons: string[]): Promise<Opened> {
  const modes: readonly string[] = ['webgpu', 'webgl2', 'webasm', 'cpu']
  if (mode !== undefined && !modes.includes(mode))
    throw new RangeError(`mode: expected one of ${modes.join(', ')}, found '${mode}'`)
  if (mode === 'webgl2' && exact)
    throw new RangeError(
      "exact: expected false in mode 'webgl2', found true; only 'webgpu' computes in integers",
    )
  if (mode === undefined || mode === 'webgpu') {
    try {
      const bare = await openRuntime('webgpu', [], [])
      if (mode === 'webgpu' || !bare.software) {
        const hardware = await measureAndClose(bare)
        const { add, sub, mul, flushes } = hardware
        const choice = { exact, exactDivision: hardware.div > 0, exactRoot: hardware.sqrt > 0 }
        const runtime = await openRuntime('webgpu', blockHelpers, wgslFunctions(choice))
        return { runtime, hardware, bounds: exact ? {} : { ulp: { add, sub, mul }, flushes } }
      }
      reasons.push(`webgpu: the only adapter is a program on the processor (${bare.device})`)
      await bare.close()
    } catch (error) {
      if (mode === 'webgpu') throw error
      reasons.push(`webgpu: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (mode === 'webgl2') {
    const runtime = await openRuntime('webgl2', blockHelpers, glslFunctions)
    try {
      const hardware = await measureHardware(runtime, glslOperations)
      const { fuses: _, flushes, ...ulp } = hardware
      return { runtime, hardware, bounds: { ulp, flushes } }
    } catch (error) {
      await runtime.close()
      throw error
    }
  }
  const host = mode ?? 'webasm'
  return { runtime: await openRuntime(host, [...blockHelpers, ...byMode[host].helpers], []), bounds: {} }
}

function executorOn(
  runtime: Runtime,
  kernels: KernelSet,
  sums: Sums,
  bounds: ErrorBounds,
  found: Pick<GpuReport, 'reasons' | 'hardware'>,
): GpuExecutor {
  const table = arrayTable()
  let closed: Promise<void> | undefined
  let failure: { readonly error: unknown } | undefined
  let tail: Promise<void> = Promise.resolve()
  const copies = new Set<Promise<unknown>>()

  const mustBeOpen = (): void => {
    if (closed) throw new Error('executor: expected it open, found it closed; gpuExecutor opens another')
  }

  /** Run after everything before; what fails leaves its error in the cells that it should have filled. */
  const enqueue = (work: () => Promise<void>, outputs: readonly Cell[]): void => {
    tail = tail.then(work).catch((error: unknown) => {
      failure ??= { error }
      for (const cell of outputs) cell.error = error
    })
  }

  const made = (length: number, work: (cell: Cell) => Promise<void>): GpuArray => {
    mustBeOpen()
    const cell = openCell()
    enqueue(() => work(cell), [cell])
    return table.make(length, cell)
  }

  const upload = (data: Float32Array): GpuArray => {
    const copy = Float32Array.from(data)
    return made(copy.length, async (cell) => fill(cell, runtime.upload(copy)))
  }

  const cellsOf = ({ call, inputs, scalars }: CheckedCall<GpuArray>): Map<string, Cell> => {
    const cells = new Map<string, Cell>()
    for (const [name, given] of [...inputs, ...scalars])
      if (typeof given !== 'number') cells.set(name, table.cellOf(given, `${call.fn.name}: '${name}'`))
    for (const [name, given] of Object.entries(call.into ?? {}))
      table.cellOf(given, `${call.fn.name}: into: '${name}'`)
    return cells
  }

  return Object.freeze({
    name: `gpu (${runtime.mode})`,
    mode: runtime.mode,
    arithmetic: runtime.mode === 'cpu' ? 'f64' : 'f32',
    bounds,
    lanes: (calls) => {
      mustBeOpen()
      const checked = calls.map((call) => checkCall(call, ({ length }) => length))
      const inputs = checked.map(cellsOf)
      const jobs = checked.map((call, i): LaneJob => {
        const outputs = new Map(Object.keys(call.lengths).map((name) => [name, openCell()] as const))
        return { call, cells: new Map(Array.from(inputs[i]!, ([name, cell]) => [name, keep(cell)])), outputs }
      })
      const results = jobs.map(({ call, outputs }) =>
        Object.fromEntries(
          Array.from(outputs, ([name, cell]) => {
            const given = call.call.into?.[name]
            if (given) table.rebind(given, cell)
            return [name, given ?? table.make(call.lengths[name]!, cell)]
          }),
        ),
      )
      enqueue(
        async () => {
          try {
            await runJobs(jobs, kernels, sums)
          } finally {
            for (const { cells } of jobs) for (const cell of cells.values()) drop(cell)
          }
        },
        jobs.flatMap(({ outputs }) => [...outputs.values()]),
      )
      return results
    },
    uniforms: (key, length) => uniformsOf(key, length),
    zeros: (shape) => upload(new Float32Array(sizeOf(shape))),
    upload: (data, shape) => {
      checkUpload(data, shape)
      return upload(data)
    },
    read: async (array) => {
      mustBeOpen()
      const cell = keep(table.cellOf(array, 'read'))
      // The copy is sent in its turn; what comes after need not wait for it to arrive.
      const sent = tail.then(() => {
        if (!cell.buffer) throw cell.error
        const values = runtime.read(cell.buffer, array.length * cell.stride)
        copies.add(values)
        return { values }
      })
      tail = sent.then(
        () => undefined,
        () => undefined,
      )
      try {
        const { values: copy } = await sent
        const found = await copy.finally(() => copies.delete(copy))
        const values = new Float32Array(array.length)
        for (let i = 0; i < values.length; i++) values[i] = found[i * cell.stride + cell.offset]!
        return values
      } finally {
        drop(cell)
      }
    },
    free: (array) => table.free(array),
    settled: async () => {
      await tail
      await runtime.done()
      if (failure) throw failure.error
    },
    report: () => ({
      mode: runtime.mode,
      device: runtime.device,
      software: runtime.software,
      ...found,
      kernels: kernels.report(),
    }),
    close: () =>
      (closed ??= tail.then(async () => {
        await Promise.allSettled(copies)
        table.end()
        return runtime.close()
      })),
  } satisfies GpuExecutor)

  function uniformsOf(key: RandomKey, length: number): GpuArray {
    const [key0, key1] = keyWords(key)
    const step = key.step ?? 0
    if (!Number.isInteger(step) || step < 0 || step >= 2 ** 32)
      throw new RangeError(`step: expected a whole number from 0 to 2^32 − 1, found ${step}`)
    if (!Number.isInteger(length) || length < 0 || length >= 2 ** 31)
      throw new RangeError(`length: expected a whole number from 0 to 2^31 − 1, found ${length}`)
    const keys = [key0 | 0, key1 | 0, THREEFRY_PARITY ^ key0 ^ key1, step | 0]
    return made(length, async (cell) =>
      fill(cell, await kernels.runText(uniformKernels[runtime.mode], keys, length, 1)),
    )
  }
}

const uniforms = (prelude: string): string =>
  `function (key0, key1, key2, step) {\n${prelude}\nreturn uniform(this.thread.x, key0, key1, key2, step)\n}`

const uniformKernels = {
  webgpu: uniforms(WGSL_PRELUDE),
  // `uniform` and `step` are words of GLSL.
  webgl2: 'function (key0, key1, key2, draw) { return drawn(this.thread.x, key0, key1, key2, draw) }',
  webasm: uniforms(''),
  cpu: uniforms(''),
} as const

// The WebAssembly side of the executor: opened when first needed, with a reason where it cannot be.
// Comes in: a number of threads. Goes out: memory, kernels, generator. Source: docs/design/07-cpu.md.

import type { RandomKey } from '@lotion/core'
import type { HostMemory } from '@lotion/core/internal'
import type { ProductHost } from '../gemm/product-memory.js'
import type { PreparedCall } from '../prepared-call.js'
import { dispatcher, type Dispatcher, type JobCounts } from './threads/dispatcher.js'
import { FunctionWriter, simd, unsigned } from './emit/function-writer.js'
import { memoryBanks, type MemoryBanks, type MemoryBanksOptions } from './run/memory-banks.js'
import { moduleBytes } from './emit/module-bytes.js'
import { threadHost, type ThreadHost } from './threads/thread-host.js'
import { wasmBackend, type WasmBackend } from './run/wasm-backend.js'
import { wasmUniforms } from './run/wasm-uniforms.js'
import { webAssembly } from './web-assembly.js'

/** Threads by default, at most: memory bandwidth is used up by fewer. */
const MOST_THREADS = 8

/** What tests set: the size of memories, and threads other than the platform's. */
export interface WasmSetup extends Pick<MemoryBanksOptions, 'arrayBytes'> {
  readonly host?: ThreadHost
  /** Memory of the process. */
  readonly hostMemory?: HostMemory
}

/** What the executor needs of WebAssembly. */
export interface WasmSide {
  /** Whether kernels run here; opens the memory when first asked. */
  available(): boolean
  /** Why not, or why on fewer threads than asked for. */
  reasons(): readonly string[]
  backend(): WasmBackend
  threads(): number
  jobs(): JobCounts
  /** Memories, and their bytes. */
  memories(): { readonly count: number; readonly bytes: number }
  /** Why a call copies arrays: they lie outside the memories, or in several; `undefined`: it copies none. */
  copies(call: PreparedCall): 'outside' | 'apart' | undefined
  /** Make an array; see `MemoryBanks`. */
  floats(length: number, near?: Float32Array, parameter?: boolean): Float32Array | undefined
  /** Give an array's bytes back now; see `MemoryBanks`. */
  free(array: Float32Array): boolean
  uniforms(key: RandomKey, length: number, first: number): Float32Array | undefined
  /** What products of arrays need: the memory with most of them; `undefined` without WebAssembly. */
  products(arrays: readonly Float32Array[]): ProductHost | undefined
  close(): void
}

interface Opened {
  readonly banks: MemoryBanks
  readonly jobs: Dispatcher
  readonly backend: WasmBackend
  readonly uniforms: (key: RandomKey, length: number, first: number) => Float32Array
}

/** Threads of a dropped executor end with it. */
const dropped = new FinalizationRegistry<() => void>((close) => close())

/** Make the WebAssembly side. Nothing is reserved or compiled before it is needed. */
export function openWasm(threads: number | undefined, setup: WasmSetup = {}): WasmSide {
  const reasons: string[] = []
  let opened: Opened | null | undefined
  const open = (): Opened | undefined => {
    if (opened === undefined) {
      opened = tryOpen(threads, setup, reasons) ?? null
      if (opened) dropped.register(side, opened.jobs.close)
    }
    return opened ?? undefined
  }
  const side: WasmSide = Object.freeze({
    available: () => open() !== undefined,
    reasons: () => {
      const jobs = open()?.jobs
      return [...reasons, ...(jobs?.reasons() ?? [])]
    },
    backend: () => {
      const found = open()
      if (!found) throw new TypeError(`wasm: expected WebAssembly SIMD, found none: ${reasons.join('; ')}`)
      return found.backend
    },
    threads: () => open()?.jobs.running() ?? 1,
    jobs: () => open()?.jobs.counts() ?? { here: 0, elsewhere: 0 },
    memories: () => {
      const banks = open()?.banks
      return { count: banks?.count() ?? 0, bytes: banks?.size() ?? 0 }
    },
    copies: (call) => {
      const banks = open()?.banks
      if (!banks) return undefined
      const homes = new Set(arraysOf(call).map(banks.bankOf))
      return homes.has(undefined) ? 'outside' : homes.size > 1 ? 'apart' : undefined
    },
    floats: (length, near, parameter) => open()?.banks.floats(length, near, parameter),
    free: (array) => opened?.banks.free(array) ?? false,
    uniforms: (key, length, first) => open()?.uniforms(key, length, first),
    products: (arrays) => open()?.banks.homeOf(arrays),
    close: () => opened?.jobs.close(),
  } satisfies WasmSide)
  return side
}

/** Arrays with a value a weight or a block: those that kernels read and write. */
function arraysOf({ arrays, outputs, graph }: PreparedCall): Float32Array[] {
  const written = Object.entries(outputs).filter(([name]) => {
    const { rate } = graph.outputs[name]!
    return rate === 'element' || rate === 'block'
  })
  return [...arrays.values(), ...written.map(([, array]) => array)]
}

function tryOpen(wanted: number | undefined, setup: WasmSetup, reasons: string[]): Opened | undefined {
  if (!webAssembly) return void reasons.push('no WebAssembly here')
  if (!hasSimd()) return void reasons.push('WebAssembly has no SIMD here')
  try {
    compileProbe()
    // A browser shares memory only between isolated pages; elsewhere all of Node's threads see it.
    const shared = typeof SharedArrayBuffer === 'function'
    if (!shared)
      reasons.push(
        'no shared memory here (the page is not cross-origin isolated): one thread, arrays are copied in and out',
      )
    const host = shared ? (setup.host ?? threadHost()) : undefined
    if (shared && !host && wanted !== 1) reasons.push('no workers here, so one thread')
    const threads = host ? (wanted ?? Math.min(MOST_THREADS, host.processors)) : 1
    const jobs = dispatcher(threads, host)
    const banks = memoryBanks({
      shared,
      jobs,
      ...(setup.arrayBytes !== undefined && { arrayBytes: setup.arrayBytes }),
      ...(setup.hostMemory && { host: setup.hostMemory }),
    })
    const { memory, batch } = banks.first
    return { banks, jobs, backend: wasmBackend(banks), uniforms: wasmUniforms(memory, batch) }
  } catch (error) {
    return void reasons.push(
      `WebAssembly is not to be had: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** Whether a module with a vector instruction is valid here. */
function hasSimd(): boolean {
  return webAssembly?.validate(probe()) ?? false
}

/**
 * Compile a module as long as a large kernel. @throws if modules may not be compiled here (content security
 * policy), or not without waiting: main threads of older browsers refuse those of more than 4 kB.
 */
function compileProbe(): object | undefined {
  const padding = Array.from({ length: 2 ** 15 }, () => 0)
  // A section of id 0 with an empty name: whatever it holds is ignored.
  const bytes = Uint8Array.from([...probe(), 0, ...unsigned(padding.length), ...padding])
  return webAssembly && new webAssembly.Module(bytes)
}

function probe(): Uint8Array {
  const code = new FunctionWriter([])
  code.splat(0).simd(simd.f32x4Sqrt).op(0x1a)
  return moduleBytes({ probe: code }, false)
}

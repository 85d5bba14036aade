// Kernels of formulas, compiled when first needed. Comes in: a pass and how blocks lie. Goes out: an instance to run.
// Source: docs/design/07-cpu.md.

import type { LaneGraph } from '@lotion/core'
import { emitWasm, type EmitWasmOptions, type WasmProgram } from './emit-wasm.js'
import type { LaneMemory } from './lane-memory.js'
import type { LanePass } from './lane-pass.js'
import { webAssembly } from './web-assembly.js'

/** A compiled pass. */
export interface Kernel extends WasmProgram {
  readonly run: (record: number, first: number, end: number, scratch: number) => void
  readonly finish: (record: number) => void
  /** Where other threads find the module's bytes. @throws if the memory is full. */
  readonly module: () => readonly [address: number, bytes: number]
}

/** Which kernel of a pass. */
export type KernelKind = Pick<EmitWasmOptions, 'blocks' | 'keeps'>

/** Compile each pass once. */
export interface KernelCache {
  get(pass: LanePass, kind: KernelKind): Kernel
}

/** Make the kernels of one memory. */
export function kernelCache(memory: LaneMemory): KernelCache {
  const known = new WeakMap<LaneGraph, Map<string, Kernel>>()
  return Object.freeze({
    get: (pass, kind) => {
      const kernels = known.get(pass.graph) ?? new Map<string, Kernel>()
      known.set(pass.graph, kernels)
      const goal = pass.goal === 'outputs' ? 'outputs' : pass.goal.map(({ id }) => id).join()
      const key = `${goal} ${pass.flat ? 'flat' : kind.blocks} ${kind.keeps}`
      const kernel =
        kernels.get(key) ?? instantiate(memory, emitWasm(pass, { ...kind, shared: memory.shared }))
      kernels.set(key, kernel)
      return kernel
    },
  } satisfies KernelCache)
}

function instantiate(memory: LaneMemory, program: WasmProgram): Kernel {
  const { bytes } = program
  const { run, finish } = instanceOf(memory, bytes)
  if (!run || !finish) throw new Error('kernel: expected the exports run and finish')
  return { ...program, run, finish, module: placed(memory, bytes) }
}

/** Instantiate a module's bytes over a memory. */
export function instanceOf(
  { memory }: Pick<LaneMemory, 'memory'>,
  bytes: Uint8Array,
): Readonly<Record<string, (...args: number[]) => void>> {
  if (!webAssembly) throw new TypeError('kernel: expected WebAssembly, found none; use wasm: false')
  return new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } }).exports
}

/** Put bytes into the memory when they are first asked for. */
export function placed(
  memory: Pick<LaneMemory, 'reserve' | 'views'>,
  bytes: Uint8Array,
): () => readonly [address: number, bytes: number] {
  let address: number | undefined
  return () => {
    if (address === undefined) {
      address = memory.reserve(bytes.length)
      if (address === undefined)
        throw new RangeError(
          `kernel: no room for ${bytes.length} bytes in the memory of 4 GiB; use threads: 1`,
        )
      memory.views().bytes.set(bytes, address)
    }
    return [address, bytes.length]
  }
}

// Kernels of formulas, written when first needed, instantiated in each memory that needs them. Comes in: a
// pass and how blocks lie. Goes out: an instance to run. Source: docs/design/07-cpu.md.

import { perFormula } from '@lotion/core/internal'
import { emitWasm, type EmitWasmOptions, type WasmProgram } from '../emit/emit-wasm.js'
import type { LaneMemory } from '../threads/lane-memory.js'
import type { LanePass } from '../emit/lane-pass.js'
import { webAssembly, type WebAssemblyExports } from '../web-assembly.js'

/** A compiled pass in a memory. */
export interface Kernel extends WasmProgram {
  readonly run: (record: number, first: number, end: number, scratch: number) => void
  readonly finish: (record: number) => void
}

/** Which kernel of a pass. */
export type KernelKind = Pick<EmitWasmOptions, 'blocks' | 'keeps' | 'vectors'>

/** Writes each pass once, for all memories. */
export type ProgramCache = (pass: LanePass, kind: KernelKind) => WasmProgram

/** Instantiates each pass once. */
export type KernelCache = (pass: LanePass, kind: KernelKind) => Kernel

/** Make the programs for memories that are shared between threads, or not. */
export function programCache(shared: boolean): ProgramCache {
  const programs = perFormula<WasmProgram>()
  return (pass, kind) => {
    const goal = pass.goal === 'outputs' ? 'outputs' : pass.goal.map(({ id }) => id).join()
    const key = `${goal} ${pass.flat ? 'flat' : kind.blocks} ${kind.keeps} ${kind.vectors}`
    return programs(pass.graph, key, () => emitWasm(pass, { ...kind, shared }))
  }
}

/** Make the kernels of one memory. */
export function kernelCache(memory: LaneMemory, programs: ProgramCache): KernelCache {
  const known = new WeakMap<WasmProgram, Kernel>()
  return (pass, kind) => {
    const program = programs(pass, kind)
    const kernel = known.get(program) ?? instantiate(memory, program)
    known.set(program, kernel)
    return kernel
  }
}

function instantiate(memory: LaneMemory, program: WasmProgram): Kernel {
  const { run, finish } = instanceOf(memory, program.bytes)
  if (!run || !finish) throw new Error('kernel: expected the exports run and finish')
  return { ...program, run, finish }
}

/** Instantiate a module's bytes over a memory. */
export function instanceOf({ memory }: Pick<LaneMemory, 'memory'>, bytes: Uint8Array): WebAssemblyExports {
  if (!webAssembly) throw new TypeError('kernel: expected WebAssembly, found none; use wasm: false')
  return new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } }).exports
}

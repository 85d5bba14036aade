// Emits one pass of a formula as a WebAssembly module with SIMD. Comes in: a pass, and how blocks lie in
// memory. Goes out: the module's bytes and what its record holds. Source: docs/design/07-cpu.md.

import { acrossKernel } from './across-kernel.js'
import { alongKernel } from './along-kernel.js'
import { simd, valueType, type FunctionWriter } from './function-writer.js'
import { recordLayout, type RecordLayout } from './kernel-record.js'
import { planPass, type LanePass, type PassPlan } from './lane-pass.js'
import { moduleBytes } from './module-bytes.js'
import { PassWriter } from './pass-writer.js'

/**
 * A pass as a module: `run(record, first, end, scratch)` over units, and `finish(record)` for outputs of one
 * value a call.
 */
export interface WasmProgram {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly plan: PassPlan
  readonly record: RecordLayout
  /** Scratch memory it works in: some bytes, and four more for each of so many values a weight of a group. */
  readonly scratch: { readonly frameBytes: number; readonly spills: number }
}

export interface EmitWasmOptions {
  /** Weights of a block are neighbours, or blocks lie beside each other. Flat passes run along. */
  readonly blocks: 'along' | 'across'
  /** Whether the module's memory is shared between threads. */
  readonly shared: boolean
  /** Blocks beside each other: a strip's tiles and spilled values fit the scratch memory. Default true. */
  readonly keeps?: boolean
  /** Blocks of neighbours: the vectors of a block, if all blocks have the same number of whole ones. */
  readonly vectors?: number | undefined
}

/** Emit a pass. All operations must have a SIMD form: see `withoutSimd`. */
export function emitWasm(
  pass: LanePass,
  { blocks, shared, keeps = true, vectors }: EmitWasmOptions,
): WasmProgram {
  const plan = planPass(pass)
  const { run, ...scratch } = blocks === 'along' ? alongKernel(pass, vectors) : acrossKernel(pass, keeps)
  const bytes = moduleBytes({ run, finish: finishKernel(pass, plan) }, shared)
  return Object.freeze({ bytes, plan, record: recordLayout(plan), scratch })
}

/** Write the function (record) that stores what is one value a call. */
function finishKernel(pass: LanePass, plan: PassPlan): FunctionWriter {
  const writer = new PassWriter(pass, plan, [valueType.i32])
  const { code } = writer
  const outputs = writer.outputs('call', 'literal')
  if (outputs.length === 0) return code
  writer.bind(['call', 'literal'])
  writer.hoist()
  const start = code.local(valueType.i32)
  for (const name of outputs) {
    writer.address('y', name, start)
    code.get(writer.scope.find(writer.output(name))!).vectorMemory(simd.store32Lane, 0, 0)
  }
  return code
}

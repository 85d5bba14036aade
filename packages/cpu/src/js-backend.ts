// Lane functions as emitted JavaScript, compiled once each: for machines without WebAssembly SIMD, and for
// operations that have no vector form. Comes in: prepared calls. Goes out: sums and outputs.
// Source: docs/design/02-lanes.md.

import type { BlockLayout } from '@lotion/core'
import { emitJs, perFormula, totalsOf, type JsProgram } from '@lotion/core/internal'
import type { PreparedCall, Totals } from './prepared-call.js'

type Compiled = JsProgram & {
  readonly run: (
    arrays: readonly Float32Array[],
    scalars: readonly number[],
    outputs: readonly Float32Array[],
    layout: BlockLayout,
  ) => readonly number[]
}

/** Runs prepared calls one by one. */
export interface JsBackend {
  /** Sums of those of the named totals that the formula contributes to. */
  totals(
    call: PreparedCall,
    names: readonly string[],
    known: Totals,
  ): readonly (readonly [name: string, part: number])[]
  outputs(call: PreparedCall, known: Totals): void
}

/** Tell whether code may be made from text: a content security policy may forbid it. */
export function canCompile(): boolean {
  try {
    return new Function('return true')() === true
  } catch {
    return false
  }
}

/** Make the backend. Needs `canCompile()`. */
export function jsBackend(): JsBackend {
  /** A formula's programs: one for the outputs, and one for each set of totals it was ever asked for. */
  const programs = perFormula<Compiled>()
  return Object.freeze({
    totals: (call, names, known) => {
      const nodes = totalsOf(call.graph).filter(({ name }) => names.includes(name))
      if (nodes.length === 0) return []
      const key = nodes.map(({ id }) => id).join()
      const program = programs(call.graph, key, () => compile(emitJs(call.graph, nodes)))
      const parts = execute(program, call, known, [])
      return program.totals.map((name, i) => [name, parts[i]!] as const)
    },
    outputs: (call, known) => {
      const program = programs(call.graph, 'outputs', () => compile(emitJs(call.graph, 'outputs')))
      execute(program, call, known, Object.values(call.outputs))
    },
  } satisfies JsBackend)
}

function compile(program: JsProgram): Compiled {
  const run = new Function('arrays', 'scalars', 'outputs', 'layout', program.source) as Compiled['run']
  return { ...program, run }
}

function execute(
  program: Compiled,
  { arrays, scalars, layout }: PreparedCall,
  totals: Totals,
  outputs: readonly Float32Array[],
): readonly number[] {
  return program.run(
    program.arrays.map((name) => arrays.get(name)!),
    program.scalars.map((name) =>
      name.startsWith('total:') ? totals.get(name.slice(6))! : scalars.get(name)!,
    ),
    outputs,
    layout,
  )
}

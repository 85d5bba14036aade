// Kernels by formula and purpose, compiled once each. Comes in: what to run and on what. Goes out: buffers.
// Source: docs/design/08-gpu.md.

import type { BlockLayout, LaneGraph, LaneNode } from '@lotion/core'
import { perFormula } from '@lotion/core/internal'
import { blockIndex } from './block-index.js'
import type { Cell, DeviceBuffer } from './device-array.js'
import { bitsOf, type KernelDialect } from './dialect.js'
import type { KernelText, Leaf, Style } from './emit-kernel.js'
import type { Kernel, Runtime } from './gpu-js.js'

/** What a kernel reads: a number, an array of the device, or values on the host. */
export type Operand = number | Cell | Float32Array | Float64Array

/** One run of a kernel over a formula. */
export interface FormulaRun {
  readonly graph: LaneGraph
  /** What of the formula is computed: kernels are kept by it. */
  readonly purpose: string
  readonly emit: (style: Style) => KernelText
  readonly layout: BlockLayout
  readonly components: number
  readonly length: number
  readonly operand: (leaf: Leaf) => Operand
  /** Nodes beyond inputs and reductions that were computed before, and the array that holds them. */
  readonly packed?: ReadonlyMap<LaneNode, string>
  /** Whole numbers by name, beyond the layout's. */
  readonly extra: Readonly<Record<string, number>>
}

/** How often a kernel has run. @experimental */
export interface KernelReport {
  /** Name of the lane function that the kernel computes a part of, or `sums`. */
  readonly formula: string
  /** Which part: what it is computed over, and the outputs or nodes of the graph that it yields. */
  readonly purpose: string
  /** Times that it has run so far; one call of a formula may run several kernels. */
  readonly runs: number
}

/** The kernels of one executor. */
export interface KernelSet {
  /** Arrays may be parts of a buffer. */
  readonly strided: boolean
  run(what: FormulaRun): Promise<DeviceBuffer>
  /** Run a kernel that is no formula's: arrays first, then whole numbers. */
  runText(
    source: string,
    args: readonly (Cell | number)[],
    length: number,
    components: number,
  ): Promise<DeviceBuffer>
  upload(data: Float32Array): DeviceBuffer
  read(buffer: DeviceBuffer, length: number): Promise<Float32Array>
  report(): readonly KernelReport[]
}

interface Compiled {
  readonly text: KernelText
  readonly kernel: Kernel
}

/** Make a set; kernels live as long as the runtime. */
export function kernelSet(runtime: Runtime, dialect: KernelDialect, prelude: string): KernelSet {
  const strided = runtime.mode === 'webgpu'
  // Shifts of gpu.js are products of floats there.
  const shifts = runtime.mode !== 'webgl2'
  const compiled = perFormula<Compiled>()
  const texts = new Map<string, Kernel>()
  const reports = new Map<string, KernelReport>()

  const scalarOf = (operand: Operand): Operand => (dialect.fromBits ? bitsOf(operand as number) : operand)

  const note = (formula: string, purpose: string): void => {
    const key = `${formula}\n${purpose}`
    reports.set(key, { formula, purpose, runs: (reports.get(key)?.runs ?? 0) + 1 })
  }

  const compile = (what: FormulaRun, style: Style): Compiled => {
    const text = what.emit(style)
    if (text.arrays.length > runtime.arrayLimit) {
      throw new RangeError(
        `${what.graph.name}: reads ${text.arrays.length} arrays at once (${text.arrays.map(nameOf).join(', ')}), expected at most ${runtime.arrayLimit} on ${runtime.device}; split the formula`,
      )
    }
    const types: Record<string, string> = {}
    text.arrays.forEach((_, n) => (types[`a${n}`] = 'Array'))
    if (strided) text.places.forEach((_, n) => (types[`d${n}`] = types[`o${n}`] = 'Integer'))
    text.scalars.forEach((_, n) => (types[`s${n}`] = dialect.fromBits ? 'Integer' : 'Number'))
    text.wholes.forEach((name) => (types[name] = 'Integer'))
    return { text, kernel: runtime.kernel(text.source, types, what.components) }
  }

  return Object.freeze({
    strided,
    run: async (what) => {
      if (what.length === 0) return runtime.upload(new Float32Array(0))
      const index = blockIndex(what.layout, shifts)
      const numbers: string[] = []
      const isNumber = (leaf: Leaf): boolean => typeof what.operand(leaf) === 'number'
      for (const node of what.graph.nodes)
        if ((node.kind === 'input' || node.kind === 'reduce') && isNumber(node)) numbers.push(String(node.id))
      const { packed = new Map<LaneNode, string>() } = what
      const key = [what.purpose, index.kind, ...numbers].join(' ')
      const style = { dialect, strided, prelude, index, isNumber, packed }
      const found = compiled(what.graph, key, () => compile(what, style))
      note(what.graph.name, what.purpose)
      const wholes: Readonly<Record<string, number>> = { ...index.numbers, ...what.extra }
      return found.kernel.run(
        [
          ...found.text.arrays.map((leaf) => valuesOf(what.operand(leaf))),
          ...(strided ? found.text.places.flatMap((leaf) => placeOf(what.operand(leaf))) : []),
          ...found.text.scalars.map((leaf) => scalarOf(what.operand(leaf))),
          ...found.text.wholes.map((name) => wholes[name]!),
        ],
        what.length,
      )
    },
    runText: async (source, args, length, components) => {
      if (length === 0) return runtime.upload(new Float32Array(0))
      const names = source.slice(source.indexOf('(') + 1, source.indexOf(')')).split(', ')
      const types = Object.fromEntries(
        names.map((name, i) => [name, typeof args[i] === 'number' ? 'Integer' : 'Array']),
      )
      const kernel = texts.get(source) ?? runtime.kernel(source, types, components)
      texts.set(source, kernel)
      note('sums', names.join(', '))
      return kernel.run(
        args.map((arg) => (typeof arg === 'number' ? arg : valuesOf(arg))),
        length,
      )
    },
    upload: (data) => runtime.upload(data),
    read: (buffer, length) => runtime.read(buffer, length),
    report: () => [...reports.values()],
  } satisfies KernelSet)
}

function nameOf(leaf: Leaf): string {
  return leaf.kind === 'input' ? leaf.name : leaf.kind === 'reduce' ? leaf.how : 'a value of blocks'
}

function valuesOf(operand: Operand): unknown {
  if (typeof operand === 'number') throw new TypeError(`array: expected values, found the number ${operand}`)
  if (!('uses' in operand)) return operand
  if (operand.error !== undefined) throw operand.error
  if (!operand.buffer)
    throw new Error('array: expected values, found none: the call that makes them has not run')
  return operand.buffer.values
}

function placeOf(operand: Operand): readonly number[] {
  return typeof operand !== 'number' && 'uses' in operand ? [operand.stride, operand.offset] : [1, 0]
}

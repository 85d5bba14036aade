// Reductions over weights: maxima, and sums in double precision in the one order of @lotion/core. Comes in:
// what to reduce. Goes out: values of blocks or of the call. Source: docs/design/08-gpu.md; `sumInOrder`.

import { blockOf, defineLanes, layoutOf, trace, type BlockLayout, type LaneNode } from '@lotion/core'
import { eachBlock, flatLayout, SUM_CHUNK, sumSpaced, type CheckedCall } from '@lotion/core/internal'
import { drop, fill, openCell, type Cell, type DeviceBuffer, type GpuArray } from './device-array.js'
import { emitMaximum, emitPartialSums, emitSplitValue, emitValues, type Leaf } from './emit-kernel.js'
import type { KernelSet, Operand } from './kernel-set.js'
import { chunkSums, orderedSum, pairSum } from './sum-kernels.js'

/** A sum in double precision: a number, or its three parts on the device. */
export type SumOf = number | Cell

type Operands = (leaf: Leaf) => Operand

type Call = CheckedCall<GpuArray>

/** How a mode reduces. */
export interface Sums {
  /** The largest value of each block, or of the tensor, at least 0. */
  maximum(call: Call, of: LaneNode, over: 'block' | 'tensor', operand: Operands): Promise<Operand>
  /** The sum of each block. */
  blocks(call: Call, of: LaneNode, operand: Operands): Promise<Operand>
  /** The sum over all blocks in order. */
  total(call: Call, of: LaneNode, operand: Operands): Promise<SumOf>
  /** Add two sums. */
  add(a: SumOf, b: SumOf): Promise<SumOf>
  /** A sum as the arithmetic of the executor holds it. */
  rounded(sum: SumOf): Promise<Operand>
}

/** Weights that one invocation looks at: a whole block if it is not longer than four times this. */
const SPAN = 256

const maximumOf = defineLanes({
  name: 'maximum',
  inputs: ['x'],
  outputs: ['y'],
  body: ({ x }) => ({ y: x.blockMax() }),
})
const fold = trace(maximumOf)
const folded = fold.nodes.find((node) => node.kind === 'input')!

function cellWith(buffer: DeviceBuffer): Cell {
  const cell = openCell()
  fill(cell, buffer)
  return cell
}

/** Maxima by kernels, in as many rounds as long blocks need. */
async function deviceMaximum(
  kernels: KernelSet,
  call: Call,
  of: LaneNode,
  over: 'block' | 'tensor',
  operand: Operands,
): Promise<Operand> {
  const [blocks, size] = over === 'tensor' ? [1, call.weights] : [call.layout.blocks, call.layout.size]
  const span = size <= 4 * SPAN ? size : SPAN
  let parts = Math.max(1, Math.ceil(size / span))
  let cell = cellWith(
    await kernels.run({
      graph: call.graph,
      purpose: `${over} maximum of node ${of.id}`,
      emit: (style) => emitMaximum(of, over, style),
      layout: call.layout,
      components: 1,
      length: blocks * parts,
      operand,
      extra: { parts, span, weights: call.weights },
    }),
  )
  while (parts > 1) {
    const [before, held] = [parts, cell]
    parts = Math.ceil(before / SPAN)
    try {
      const buffer = await kernels.run({
        graph: fold,
        purpose: 'maximum',
        emit: (style) => emitMaximum(folded, 'block', style),
        layout: layoutOf([blocks, before], blockOf(before)),
        components: 1,
        length: blocks * parts,
        operand: () => held,
        extra: { parts, span: SPAN },
      })
      cell = cellWith(buffer)
    } finally {
      drop(held)
    }
  }
  return cell
}

/** Reductions on a device without f64: sums on pairs of words. */
export function deviceSums(kernels: KernelSet): Sums {
  const text = async (source: string, args: readonly (Cell | number)[], length: number, components: number) =>
    cellWith(await kernels.runText(source, args, length, components))

  const chunks = async (
    call: Call,
    of: LaneNode,
    operand: Operands,
    kind: 'parts' | 'single',
  ): Promise<Cell> => {
    const parts = 4 * Math.max(1, Math.ceil(call.layout.size / SUM_CHUNK))
    const partial = cellWith(
      await kernels.run({
        graph: call.graph,
        purpose: `sums of node ${of.id}`,
        emit: (style) => emitPartialSums(of, style),
        layout: call.layout,
        components: 3,
        length: call.layout.blocks * parts,
        operand,
        extra: { parts },
      }),
    )
    try {
      return await text(chunkSums(kind), [partial, parts], call.layout.blocks, kind === 'parts' ? 3 : 1)
    } finally {
      drop(partial)
    }
  }

  return Object.freeze({
    maximum: (call, of, over, operand) => deviceMaximum(kernels, call, of, over, operand),
    blocks: (call, of, operand) => chunks(call, of, operand, 'single'),
    total: async (call, of, operand) => {
      const blocks = await chunks(call, of, operand, 'parts')
      if (call.layout.blocks === 1) return blocks
      try {
        return await text(orderedSum('parts'), [blocks, call.layout.blocks], 1, 3)
      } finally {
        drop(blocks)
      }
    },
    add: async (a, b) => {
      try {
        return await text(pairSum('parts'), [a, b], 1, 3)
      } finally {
        drop(a as Cell)
        drop(b as Cell)
      }
    },
    rounded: async (sum) => {
      try {
        return await text(orderedSum('single'), [sum, 1], 1, 1)
      } finally {
        drop(sum as Cell)
      }
    },
  } satisfies Sums)
}

type Values = (call: Call, of: LaneNode, operand: Operands) => Promise<ArrayLike<number>>

/** Sums by the host: kernels give values, the host adds them in f64. On WebGL2 it waits for the device. */
export function hostSums(kernels: KernelSet): Sums {
  const values: Values = async (call, of, operand) => {
    const found = await kernels.run({
      graph: call.graph,
      purpose: `values of node ${of.id}`,
      emit: (style) => emitValues([of], 'element', style),
      layout: call.layout,
      components: 1,
      length: call.weights,
      operand,
      extra: {},
    })
    try {
      return await kernels.read(found, call.weights)
    } finally {
      found.release()
    }
  }
  return Object.freeze({
    ...addedOnHost(values),
    maximum: (call, of, over, operand) => deviceMaximum(kernels, call, of, over, operand),
    blocks: async (call, of, operand) =>
      cellWith(kernels.upload(Float32Array.from(blockSums(await values(call, of, operand), call.layout)))),
    rounded: async (sum) => Math.fround(sum as number),
  } satisfies Sums)
}

/** The same in f64 throughout: no value of a formula is rounded to f32 before it is an output. */
export function doubleSums(kernels: KernelSet): Sums {
  const values: Values = async (call, of, operand) => {
    const { values: found } = await kernels.run({
      graph: call.graph,
      purpose: `values of node ${of.id}`,
      emit: (style) => emitSplitValue(of, style),
      layout: call.layout,
      components: 3,
      length: call.weights,
      operand,
      extra: {},
    })
    return Float64Array.from(found as readonly ArrayLike<number>[], ({ 0: high, 1: middle, 2: low }) =>
      Number.isFinite(high!) ? high! + middle! + low! : high!,
    )
  }
  return Object.freeze({
    ...addedOnHost(values),
    maximum: async (call, of, over, operand) => {
      const found = await values(call, of, operand)
      const layout = over === 'tensor' ? flatLayout(found.length) : call.layout
      const maxima = new Float64Array(layout.blocks)
      eachBlock(layout, (block, first, count, step) => {
        for (let k = 0, i = first; k < count; k++, i += step)
          if (maxima[block]! < found[i]!) maxima[block] = found[i]!
      })
      return over === 'tensor' ? (maxima[0] ?? 0) : maxima
    },
    blocks: async (call, of, operand) =>
      Float64Array.from(blockSums(await values(call, of, operand), call.layout)),
    rounded: async (sum) => sum as number,
  } satisfies Sums)
}

function addedOnHost(values: Values): Pick<Sums, 'total' | 'add'> {
  return {
    total: async (call, of, operand) => {
      let sum = 0
      for (const part of blockSums(await values(call, of, operand), call.layout)) sum += part
      return sum
    },
    add: async (a, b) => (a as number) + (b as number),
  }
}

function blockSums(values: ArrayLike<number>, layout: BlockLayout): Float64Array {
  const sums = new Float64Array(layout.blocks)
  eachBlock(layout, (block, first, count, step) => {
    sums[block] = sumSpaced(values, first, step, count)
  })
  return sums
}

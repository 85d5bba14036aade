// The optimizer steps whose kernels are measured. Comes in: nothing. Goes out: lane functions with their scalars.
// Source: docs/design/07-cpu.md; every step reads four arrays and writes three, so that their times can be compared.

import {
  blockOf,
  defineLanes,
  type Block,
  type LaneFn,
  type NumberFormat,
  type Transformation,
} from '@lotion/core'
import { adamSecondMoment } from '@lotion/fisher'
import { fp4, int4, withBlock } from '@lotion/formats'
import { adamw, byName, chain, lotion, resolved, stepLanes, withMethod } from '@lotion/optim'

/** Arrays of a step: read all, write all but the gradient. */
export const stepArrays = ['w', 'gradient', 'adamw.m', 'adamw.v'] as const

/** One step to measure. */
export interface KernelCase {
  readonly name: string
  readonly fn: LaneFn
  /** Weights that share a scale. */
  readonly block: Block
  readonly scalars: Readonly<Record<string, number>>
}

/** Bytes that a step moves a weight: four arrays read, three written. */
export const bytesPerWeight = 28

const optimizer = adamw({ learningRate: 1e-3, weightDecay: 0.1 })
// Far from the start, where bias corrections are near 1, with as many loss terms as a small language model has a step.
const info = { step: 1000, steps: 10_000, terms: 1024 }

function stepCase(name: string, transformation: Transformation, block: Block): KernelCase {
  const part = resolved(transformation, { name: 'w', shape: [1, 1] })
  if (!part) throw new TypeError(`${name}: expected a step for the weights, found none`)
  return { name, fn: stepLanes(part), block, scalars: part.scalars(info) }
}

/** LOTION in a format on top of AdamW, the Fisher read from Adam's second moment. */
function lotionCase(format: NumberFormat): KernelCase {
  const blocks = withBlock(format, blockOf(32))
  const method = lotion({ format: blocks, fisher: adamSecondMoment() })
  return stepCase(`LOTION ${format.name} + AdamW`, withMethod(method, optimizer, byName()), blocks.block)
}

/** The least work on the same bytes: one addition an array. What is slower than this computes, what is as fast only waits. */
const touch = defineLanes({
  name: 'touch',
  inputs: [...stepArrays],
  outputs: ['w', 'adamw.m', 'adamw.v'],
  body: (x) => ({
    w: x.w.add(x.gradient),
    'adamw.m': x['adamw.m'].add(x.gradient),
    'adamw.v': x['adamw.v'].add(x.gradient),
  }),
})

/** The steps, from least to most work. */
export const kernelCases: readonly KernelCase[] = Object.freeze([
  { name: 'touch', fn: touch, block: { kind: 'tensor' }, scalars: {} },
  stepCase('AdamW', chain(optimizer), { kind: 'tensor' }),
  lotionCase(int4),
  lotionCase(fp4),
])

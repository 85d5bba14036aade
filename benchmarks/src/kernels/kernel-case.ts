// The optimizer steps whose kernels are measured. Comes in: formats. Goes out: lane functions with their
// scalars.
// Source: docs/design/07-cpu.md; every step reads four arrays and writes three, so that their times can be
// compared.

import {
  defineLanes,
  type Block,
  type LaneFn,
  type NumberFormat,
  type StepInfo,
  type Transformation,
} from '@lotion/core'
import { adamSecondMoment } from '@lotion/fisher'
import { adamw, byName, chain, lotion, withMethod } from '@lotion/optim'
import { resolved, stepLanes } from '@lotion/optim/internal'

/** Arrays of a step: read all, write all but the gradient. */
export const stepArrays = ['w', 'gradient', 'adamw.m', 'adamw.v'] as const

/** Name of an array of a step. */
export type StepArray = (typeof stepArrays)[number]

/** What LOTION adds to AdamW in a case. */
export interface LotionPart {
  readonly format: NumberFormat
  /** Slope through the block's scale; if not, the scale is held. */
  readonly scaleGradient: boolean
}

/** One step to measure. */
export interface KernelCase {
  readonly name: string
  readonly fn: LaneFn
  /** Weights that share a scale. */
  readonly block: Block
  readonly scalars: Readonly<Record<string, number>>
  /** `touch` is the bound of the others: no optimizer at all. */
  readonly kind: 'touch' | 'adamw' | 'lotion'
  /** Only for `lotion`. */
  readonly lotion?: LotionPart
}

/** Bytes that a step moves a weight: four arrays read, three written. */
export const BYTES_PER_WEIGHT = 28

/** AdamW of every case. */
export const kernelAdamw = Object.freeze({
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.1,
})

/**
 * Where in a run: far from its start, with bias corrections near 1, as many loss terms as a small language
 * model has a step.
 */
export const kernelMoment: StepInfo = Object.freeze({ step: 1000, steps: 10_000, terms: 1024 })

const optimizer = adamw(kernelAdamw)

function stepCase(
  transformation: Transformation,
  block: Block,
  rest: Pick<KernelCase, 'name' | 'kind' | 'lotion'>,
): KernelCase {
  const part = resolved(transformation, { name: 'w', shape: [1, 1] })
  if (!part) throw new TypeError(`${rest.name}: expected a step for the weights, found none`)
  return { ...rest, fn: stepLanes(part), block, scalars: part.scalars(kernelMoment) }
}

/** LOTION in a format on top of AdamW, the Fisher read from Adam's second moment. */
function lotionCase({ format, scaleGradient }: LotionPart): KernelCase {
  // What breaks the theory is as fast.
  const onWarning = (): void => undefined
  const method = lotion({ format, scaleGradient, fisher: adamSecondMoment(), onWarning })
  return stepCase(withMethod(method, optimizer, byName()), format.block, {
    name: `LOTION ${format.name}${scaleGradient ? '' : ', scale held'}`,
    kind: 'lotion',
    lotion: { format, scaleGradient },
  })
}

/**
 * The least work on the same bytes: one operation an array. What is slower than this computes, what is as
 * fast only waits. A maximum, not a sum: repeated, it keeps the second moment positive and everything finite.
 */
const touch = defineLanes({
  name: 'touch',
  inputs: [...stepArrays],
  outputs: ['w', 'adamw.m', 'adamw.v'],
  body: (x) => ({
    w: x.w.max(x.gradient),
    'adamw.m': x['adamw.m'].max(x.gradient),
    'adamw.v': x['adamw.v'].max(x.gradient),
  }),
})

/** The bound and AdamW, which know no format. */
const plainCases: readonly KernelCase[] = Object.freeze([
  { name: 'touch', fn: touch, block: { kind: 'tensor' }, scalars: {}, kind: 'touch' },
  stepCase(chain(optimizer), { kind: 'tensor' }, { name: 'AdamW', kind: 'adamw' }),
])

/** The steps for formats: touch, AdamW, LOTION in each; where the scale has a slope, also with it held. */
export function kernelCases(formats: readonly NumberFormat[]): readonly KernelCase[] {
  const through = formats.map((format) => lotionCase({ format, scaleGradient: true }))
  const held = formats
    .filter(({ scale }) => scale.claims.continuous)
    .map((format) => lotionCase({ format, scaleGradient: false }))
  return [...plainCases, ...through, ...held]
}

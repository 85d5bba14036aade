// Runs one emitted program on tfjs's webgpu backend. Comes in: a step of a plan, tensors by buffer, a layout.
// Goes out: a tensor. Source: docs/design/09-tfjs.md.

import type { BlockLayout } from '@lotion/core'
import { countOf, weightsOf } from '@lotion/core/internal'
import type * as tfjs from '@tensorflow/tfjs-core'
import { layoutUniforms, layoutNumbers } from './block-index.js'
import type { PlanStep } from './plan-programs.js'
import type { UniformField, WebGpuBackend } from './webgpu-backend.js'

type Tf = typeof tfjs
type Tensor = tfjs.Tensor

const WORKGROUP = 64
/** Long blocks are cut into spans of this many weights at least, for this many invocations in all. */
const SPAN = 64
const INVOCATIONS = 4096

/** How many invocations a step takes: `parts` for each of `groups`. */
export interface StepExtent {
  readonly groups: number
  readonly parts: number
  readonly span: number
}

/** Spread a step over invocations. */
export function extentOf({ over }: PlanStep, layout: BlockLayout): StepExtent {
  if (typeof over === 'string') return { groups: countOf(over, layout), parts: 1, span: 1 }
  const [groups, each] = over.over === 'block' ? [layout.blocks, layout.size] : [1, weightsOf(layout)]
  const wanted = Math.min(Math.ceil(each / SPAN), Math.ceil(INVOCATIONS / groups))
  const span = Math.ceil(each / wanted)
  return { groups, parts: Math.ceil(each / span), span }
}

const programNumbers = ['count', 'parts', 'span', ...layoutUniforms] as const

/** Run a step; `tensors` are what its buffers hold, `scalars` what its uniforms are. */
export function runProgram(
  tf: Tf,
  backend: WebGpuBackend,
  step: PlanStep,
  layout: BlockLayout,
  tensors: readonly Tensor[],
  scalars: readonly number[],
): Tensor {
  const { text, slots, over } = step
  const { groups, parts, span } = extentOf(step, layout)
  const count = groups * parts
  const program = {
    variableNames: text.buffers.map((_, n) => `A${n}`),
    outputShape: [slots * count],
    shaderKey: text.source,
    dispatchLayout: { x: [0] },
    dispatch: [Math.ceil(count / WORKGROUP), 1, 1] as [number, number, number],
    workgroupSize: [WORKGROUP, 1, 1] as const,
    uniforms: [
      'zero : u32',
      ...programNumbers.map((name) => `${name} : i32`),
      ...scalars.map((_, n) => `s${n} : f32`),
    ].join(', '),
    getUserCode: () => text.source,
  }
  const uniforms: readonly UniformField[] = [
    { type: 'uint32', data: [0] },
    ...[count, parts, span, ...layoutNumbers(layout)].map((x) => ({ type: 'int32' as const, data: [x] })),
    ...scalars.map((x) => ({ type: 'float32' as const, data: [x] })),
  ]
  const inputs = tensors.map(({ dataId, size }) => ({ dataId, shape: [size], dtype: 'float32' as const }))
  const values = tf
    .engine()
    .makeTensorFromTensorInfo(backend.runWebGPUProgram(program, inputs, 'float32', uniforms))
  if (parts === 1 || typeof over === 'string') return values
  const spans = tf.reshape(values, [slots * groups, parts])
  return over.how === 'max' ? tf.max(spans, 1) : tf.sum(spans, 1)
}

// Lane calls as few programs on tfjs's webgpu backend. Comes in: checked calls. Goes out: a fold, or why
// there is none.
// Source: docs/design/09-tfjs.md.

import { perFormula } from '@lotion/core/internal'
import type * as tfjs from '@tensorflow/tfjs-core'
import type { Fold } from '../executor/fold-calls.js'
import type { TensorCall } from '../executor/lane-call.js'
import { layoutKind } from './block-index.js'
import { planPrograms, type PlanStep, type ProgramPlan } from './plan-programs.js'
import { extentOf, runProgram } from './run-program.js'
import type { WebGpuBackend } from './webgpu-backend.js'

type Tf = typeof tfjs
type Tensor = tfjs.Tensor

/** A call's fold and how many programs it runs. */
export interface FusedFold {
  readonly fold: Fold
  readonly programs: number
}

const plans = perFormula<ProgramPlan>()

/** The plan of a call, made once for a formula and kind of layout. */
function planOf({ graph, inputs, layout }: TensorCall, stages: readonly (readonly string[])[]): ProgramPlan {
  const numbers = [...inputs].flatMap(([name, given]) => (typeof given === 'number' ? [name] : [])).toSorted()
  const kind = layoutKind(layout)
  const key = JSON.stringify([kind, numbers, stages])
  return plans(graph, key, () => planPrograms(graph, kind, new Set(numbers), stages))
}

/** Why a call cannot run as programs, if it cannot. */
function reasonAgainst(plan: ProgramPlan, call: TensorCall, { device }: WebGpuBackend): string | undefined {
  const { maxStorageBuffersPerShaderStage: most, maxStorageBufferBindingSize: bytes } = device.limits
  if (call.layout.blocks === 0) return 'there are no weights'
  const steps = plan.stages.flat()
  const buffers = 1 + Math.max(0, ...steps.map(({ text }) => text.buffers.length))
  if (buffers > most) return `a program needs ${buffers} buffers, the device has ${most}`
  const large = steps.find((step) => sizeOf(step, call) * 4 > bytes)
  if (large) return `a program writes ${sizeOf(large, call) * 4} bytes, the device allows ${bytes}`
  return undefined
}

function sizeOf(step: PlanStep, { layout }: TensorCall): number {
  const { groups, parts } = extentOf(step, layout)
  return step.slots * groups * parts
}

/** Make a call's fold over programs, or say why not. */
export function fusedFold(
  tf: Tf,
  backend: WebGpuBackend,
  call: TensorCall,
  stages: readonly (readonly string[])[],
  totals: ReadonlyMap<string, Tensor>,
): FusedFold | string {
  const { inputs, layout, shapes } = call
  const plan = planOf(call, stages)
  const reason = reasonAgainst(plan, call, backend)
  if (reason !== undefined) return reason
  const tensors = new Map<number, Tensor>()
  for (const [name, buffer] of plan.inputs) {
    const given = inputs.get(name)
    if (typeof given === 'object') tensors.set(buffer, given)
  }
  const numberOf = (name: string): number => Number(inputs.get(name))
  const runStage = (stage: number): void => {
    for (const [name, buffer] of plan.totals) {
      const total = totals.get(name)
      if (total) tensors.set(buffer, total)
    }
    for (const step of plan.stages[stage]!) {
      const read = step.text.buffers.map((buffer) => tensors.get(buffer)!)
      tensors.set(step.buffer, runProgram(tf, backend, step, layout, read, step.text.scalars.map(numberOf)))
    }
  }
  const fold: Fold = {
    run: (stage) => {
      runStage(stage)
      return plan.parts[stage]!.map(([name, buffer]) => [name, tf.reshape(tensors.get(buffer)!, [])] as const)
    },
    outputs: () =>
      Object.fromEntries(
        [...plan.outputs].map(([name, buffer]) => [
          name,
          tf.reshape(tensors.get(buffer)!, [...shapes[name]!]),
        ]),
      ),
  }
  return { fold, programs: plan.stages.flat().length }
}

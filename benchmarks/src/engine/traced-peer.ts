// Peer: the traced engine with the fused AdamW of @lotion/cpu. Comes in: a workload. Goes out: its steps.
// Source: docs/design/04-bench.md; @lotion/onnx.

import { mapTree, type GradientResult, type Tree } from '@lotion/core'
import { cpuExecutor, type CpuExecutor } from '@lotion/cpu'
import { onnxEngine, type OnnxEngine } from '@lotion/onnx'
import { adamw, createUpdater } from '@lotion/optim'
import type { EnginePeer, PeerDefinition, PeerStep, StepOutcome } from './engine-peer.js'
import { adamwSettings, type EngineWorkload } from './engine-workload.js'

/** The engine that the others are compared with: a tfjs program, traced once, run by onnxruntime. */
export const tracedPeer: PeerDefinition & { open(workload: EngineWorkload): Promise<EnginePeer> } =
  Object.freeze({
    name: 'traced',
    async open(workload: EngineWorkload): Promise<EnginePeer> {
      // The comparison checks loss and gradients against every peer itself.
      // Weights, gradients and moments share the executor's memory: the update works in place.
      const executor = cpuExecutor({ threads: workload.threads })
      const engine = await onnxEngine({ threads: workload.threads, verifyFirstStep: false, memory: executor })
      return {
        name: 'traced',
        version: `onnxruntime ${engine.version}, ${engine.binding} binding`,
        threads: workload.threads,
        rounds: Number.POSITIVE_INFINITY,
        steps: [gradientsStep(engine, workload), adamwStep(engine, executor, workload)],
        close: async () => {
          await engine.close()
          executor.close()
        },
      }
    },
  })

function gradientsStep(engine: OnnxEngine, workload: EngineWorkload): PeerStep {
  const { model, batch } = workload
  const params = allocated(engine, workload)
  const step = engine.gradients(model)
  return {
    kind: 'gradients',
    variant: '',
    run: async () => {
      const start = performance.now()
      await step.run(params, batch)
      return performance.now() - start
    },
    first: async () => {
      const { loss, gradients } = await step.run(params, batch)
      return { loss, tensors: copied(gradients) }
    },
  }
}

function adamwStep(engine: OnnxEngine, executor: CpuExecutor, workload: EngineWorkload): PeerStep {
  const { model, batch } = workload
  const params = allocated(engine, workload)
  const step = engine.gradients(model)
  const transformation = adamw(adamwSettings)
  const updater = createUpdater({
    transformation,
    shapes: model.shapes,
    executor,
  })
  const state = updater.init(params)
  let taken = 0
  const advance = async (): Promise<GradientResult<Float32Array>> => {
    const result = await step.run(params, batch)
    updater.step(params, state, result, { step: taken, steps: Number.MAX_SAFE_INTEGER })
    taken++
    return result
  }
  return {
    kind: 'adamw',
    variant: '',
    run: async () => {
      const start = performance.now()
      await advance()
      return performance.now() - start
    },
    first: async (): Promise<StepOutcome> => {
      const { loss } = await advance()
      return { loss, tensors: copied(params) }
    },
  }
}

function allocated(engine: OnnxEngine, { model, weights }: EngineWorkload): Tree<Float32Array> {
  const params = engine.allocate(model.shapes)
  for (const [name, array] of Object.entries(params)) array.set(weights[name] ?? [])
  return params
}

const copied = (tree: Tree<Float32Array>): Tree<Float32Array> =>
  mapTree(tree, (array) => Float32Array.from(array))

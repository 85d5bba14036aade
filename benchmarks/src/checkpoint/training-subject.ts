// What every side of `lotion bench checkpoint` trains. Comes in: a GGUF file, extents. Goes out: a model, its
// weights once in the memory of engine and executor, and a batch. Source: docs/design/12-speed-tests.md.

import { hfConfig, hfTensors, openGguf } from '@lotion/checkpoints'
import { integers, type Batch, type NumberFormat, type Tree } from '@lotion/core'
import { cpuExecutor, type CpuExecutor } from '@lotion/cpu'
import { loadParameters, modelFromConfig, type CausalModel } from '@lotion/models'
import { onnxEngine, type OnnxEngine } from '@lotion/onnx'

/** What is asked for. */
export interface TrainingOptions {
  /** A GGUF file. */
  readonly file: string
  readonly format: NumberFormat
  /** Sequences a step. */
  readonly batch: number
  /** Tokens a sequence. */
  readonly context: number
  readonly threads: number
}

/** What every side is given. */
export interface TrainingSubject extends TrainingOptions {
  readonly model: CausalModel
  /** The file's weights; our side trains these arrays, others read them before it begins. */
  readonly params: Tree<Float32Array>
  /** Drawn ids: speed does not depend on them. */
  readonly inputs: Batch
  readonly engine: OnnxEngine
  readonly executor: CpuExecutor
  /** Most bytes of each side's process that were resident at once, by the side's name; it writes them. */
  readonly peaks: Map<string, number>
  close(): Promise<void>
}

/** Load a checkpoint. @throws RangeError if the file is of no architecture that is known. */
export async function trainingSubject(options: TrainingOptions): Promise<TrainingSubject> {
  const { file, batch, context, threads } = options
  const source = await openGguf(file)
  try {
    const { model } = modelFromConfig(await hfConfig(source), { context })
    const executor = cpuExecutor({ threads })
    // The first loss is held to that of every other side.
    const engine = await onnxEngine({ threads, verifyFirstStep: false, memory: executor })
    const params = engine.allocate(model.shapes)
    await loadParameters(model, hfTensors(source), { into: params })
    const ids = (stream: string) => ({
      data: Int32Array.from(integers({ seed: 1, stream }, batch * context, model.config.vocabulary)),
      shape: [batch, context],
    })
    return {
      ...options,
      model,
      params,
      inputs: { x: ids('tokens'), y: ids('targets') },
      engine,
      executor,
      peaks: new Map(),
      close: async () => {
        await engine.close()
        executor.close()
      },
    }
  } finally {
    await source.close()
  }
}

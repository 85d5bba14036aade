// What every side of `lotion bench checkpoint` trains. Comes in: a GGUF file, extents. Goes out: a model, its
// weights once in the memory of engine and executor, and a batch. Source: docs/design/12-speed-tests.md.

import { hfConfig, hfTensors, openGguf } from '@lotion/checkpoints'
import { integers, type Batch, type NumberFormat, type Tree } from '@lotion/core'
import { cpuExecutor, type CpuExecutor } from '@lotion/cpu'
import { loadParameters, modelFromConfig, type CausalModel } from '@lotion/models'
import { onnxEngine, type OnnxEngine } from '@lotion/onnx'

/** Extents and format of the comparison. */
export interface TrainingExtents {
  readonly format: NumberFormat
  /** Sequences a step. */
  readonly batch: number
  /** Tokens a sequence. */
  readonly context: number
  readonly threads: number
}

/** What is asked for. */
export interface TrainingOptions extends TrainingExtents {
  /** A GGUF file. */
  readonly file: string
}

/** What every side is given. */
export interface TrainingSubject extends TrainingExtents {
  readonly model: CausalModel
  /** The start; our side trains these arrays, others read them before it begins. */
  readonly params: Tree<Float32Array>
  /** Drawn ids: speed does not depend on them. */
  readonly inputs: Batch
  readonly learningRate: number
  readonly engine: OnnxEngine
  readonly executor: CpuExecutor
  /** Most bytes of each side's process that were resident at once, by `sideName`; the sides write them. */
  readonly peaks: Map<string, number>
  close(): Promise<void>
}

/** A small step, so that weights stay where they are as in fine-tuning. */
const FINE_TUNING_RATE = 1e-5

/** Load a checkpoint. @throws RangeError if the file is of no architecture that is known. */
export async function trainingSubject({ file, ...extents }: TrainingOptions): Promise<TrainingSubject> {
  const source = await openGguf(file)
  try {
    const { model } = modelFromConfig(await hfConfig(source), { context: extents.context })
    return await subjectOf({ ...extents, model, learningRate: FINE_TUNING_RATE }, async (params) => {
      await loadParameters(model, hfTensors(source), { into: params })
    })
  } finally {
    await source.close()
  }
}

/** Make a subject of a model. @param fill Writes the weights to start with. */
export async function subjectOf(
  given: TrainingExtents & Pick<TrainingSubject, 'model' | 'learningRate'>,
  fill: (params: Tree<Float32Array>) => Promise<void>,
): Promise<TrainingSubject> {
  const { model, batch, context, threads } = given
  const executor = cpuExecutor({ threads })
  // Losses are held to those of every other side.
  const engine = await onnxEngine({ threads, verifyFirstStep: false, memory: executor })
  const params = engine.allocate(model.shapes)
  await fill(params)
  const ids = (stream: string) => ({
    data: Int32Array.from(integers({ seed: 1, stream }, batch * context, model.config.vocabulary)),
    shape: [batch, context],
  })
  return {
    ...given,
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
}

// Competitor: the traced engine with the fused AdamW of @lotion/cpu, which the others are compared with.
// Comes in: the subject. Goes out: its steps. Source: @lotion/onnx.

import { mapTree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { onnxEngine } from '@lotion/onnx'
import { adamw } from '@lotion/optim'
import { millisecondsOf, type Competitor, type CompetitorDefinition } from '../harness/competitor.js'
import { adamwSettings, stepKinds, type EngineSubject, type StepOutcome } from './engine-subject.js'
import { trainingStep } from './training-step.js'

/** A tfjs program, traced once, run by onnxruntime. */
export const traced: CompetitorDefinition<EngineSubject, Competitor<StepOutcome>> = Object.freeze({
  name: 'traced',
  open: async (subject: EngineSubject) => {
    const { threads, model } = subject
    // The comparison checks loss and gradients against every competitor itself.
    const executor = cpuExecutor({ threads })
    const engine = await onnxEngine({ threads, verifyFirstStep: false, memory: executor })
    return {
      version: `onnxruntime ${engine.version}, ${engine.binding} binding`,
      tasks: stepKinds.map((task) => {
        const runtime = { engine, executor, session: engine.gradients(model) }
        const optimizer = task === 'adamw' ? adamw(adamwSettings) : undefined
        const { params, take } = trainingStep(runtime, subject, optimizer)
        return {
          task,
          threads,
          first: async () => {
            const { loss, gradients } = await take()
            const tensors = mapTree(optimizer ? params : gradients, (array) => Float32Array.from(array))
            return { loss, tensors }
          },
          run: () => millisecondsOf(take),
        }
      }),
      close: async () => {
        await engine.close()
        executor.close()
      },
    }
  },
})

// The sides of `lotion bench checkpoint`: the traced engine in this process, PyTorch in processes of their
// own, with the same two trainings. Comes in: the subject. Goes out: whole training steps, and the memory
// that they took. Source: LOTION (arXiv 2510.08757); python/torch_training.py.

import { join } from 'node:path'
import { writeSafetensors } from '@lotion/checkpoints'
import { mapTree, type HostArray, type Transformation } from '@lotion/core'
import { empirical } from '@lotion/fisher'
import { adamw, byName, chain, clipByGlobalNorm, lotion, quantizedAxes, withMethod } from '@lotion/optim'
import { z } from 'zod'
import { adamwSettings } from '../engine/engine-subject.js'
import { stepOn } from '../engine/training-step.js'
import { millisecondsOf, type Competitor, type CompetitorDefinition } from '../harness/competitor.js'
import { peakMemory } from '../harness/peak-memory.js'
import { timed, torchCompetitor } from '../harness/torch-competitor.js'
import { TORCH_FORMATS, torchFormat } from '../harness/torch-format.js'
import type { TrainingSubject } from './training-subject.js'

/** What is trained with; both clip the gradient first. */
export type Training = 'lotion' | 'adamw'

/** A side; its outcome is the losses of its first steps. */
export type TrainingSide = CompetitorDefinition<TrainingSubject, Competitor<readonly number[]>>

/** Losses of so many steps are compared: one, then one after each update. */
const COMPARED_STEPS = 3

const LIMIT = 1
const BETA = 0.999
const LAMBDA = 1

const settingsOf = ({ learningRate }: TrainingSubject) => ({ ...adamwSettings, learningRate, weightDecay: 0 })

/** What a training is called in the table. */
const trainingName = (training: Training, { format }: Pick<TrainingSubject, 'format'>): string =>
  training === 'lotion' ? `LOTION ${format.name} over AdamW, clipped` : 'AdamW, clipped'

/** A side's name among the peaks. */
export const sideName = (name: string, variant: string): string => `${name}, ${variant}`

function transformationOf(training: Training, subject: TrainingSubject): Transformation {
  const optimizer = adamw(settingsOf(subject))
  if (training === 'adamw') return chain(clipByGlobalNorm(LIMIT), optimizer)
  const { format } = subject
  const fisher = empirical({ beta: BETA })
  const method = lotion({ format, fisher, lambda: LAMBDA, onWarning: () => undefined })
  return withMethod(method, optimizer, byName(), [clipByGlobalNorm(LIMIT)])
}

/** The traced engine. */
export const ours = (training: Training): TrainingSide =>
  Object.freeze({
    name: 'traced',
    open: async (subject: TrainingSubject) => {
      const { engine, executor, model, params, inputs, threads, peaks } = subject
      const variant = trainingName(training, subject)
      // Moments are there before the first step, as in a run.
      const step = stepOn(
        { executor, session: engine.gradients(model) },
        { params, shapes: model.shapes, batch: inputs },
        transformationOf(training, subject),
      )
      const take = async (): Promise<number> => {
        const { loss } = await step.take()
        peaks.set(sideName('traced', variant), peakMemory())
        if (Number.isFinite(loss)) return loss
        throw new RangeError(`${variant}: expected a finite loss, found ${loss}; please report it`)
      }
      return {
        version: `onnxruntime ${engine.version}, ${engine.binding} binding`,
        tasks: [
          {
            task: 'step',
            variant,
            threads,
            first: () => repeated(COMPARED_STEPS, take),
            run: () => millisecondsOf(take),
          },
        ],
      }
    },
  })

/**
 * PyTorch eager with its fused AdamW and fused attention, in f32. @param compared Steps whose losses are
 * compared: the first alone where the other side trains otherwise.
 */
export const torchSide = (training: Training, compared = COMPARED_STEPS): TrainingSide => {
  const side = torchCompetitor<TrainingSubject, readonly number[]>({
    program: 'torch_training.py',
    threads: ({ threads }) => threads,
    mode: 'eager, f32',
    opening: async (subject, folder) => {
      const { model, params, inputs } = subject
      const path = join(folder, 'start.safetensors')
      const arrays = mapTree(params, (data, name): HostArray => ({ data, shape: model.shapes[name] ?? [] }))
      const batch = Object.fromEntries(
        Object.entries(inputs).map(([name, array]) => [`batch.${name}`, array]),
      )
      await writeSafetensors(path, { ...arrays, ...batch })
      const config = { ...model.config, length: inputs['x']?.shape[1], adamw: settingsOf(subject) }
      return { path, config, limit: LIMIT, lotion: training === 'lotion' ? torchLotion(subject) : null }
    },
    tasks: (subject, { request }) => {
      const variant = trainingName(training, subject)
      const take = async () => {
        const taken = await request({ do: 'step' }, timed.extend({ loss: z.number() }))
        const { bytes } = await request({ do: 'memory' }, z.object({ bytes: z.number() }))
        subject.peaks.set(sideName('PyTorch', variant), bytes)
        return taken
      }
      return [
        {
          task: 'step',
          variant,
          threads: subject.threads,
          first: () => repeated(compared, async () => (await take()).loss),
          run: async () => (await take()).milliseconds,
        },
      ]
    },
  })
  return side
}

/** LOTION in the words of python/torch_training.py. @throws RangeError for a format that it does not know. */
function torchLotion({ format, model }: TrainingSubject): object {
  const axes = quantizedAxes(byName(), model.shapes)
  const quantized = [...axes.keys()]
  const alongLast = [...axes.values()].every((axis) => axis === -1)
  const described = torchFormat(
    { format, scaleGradient: true },
    quantized.map((name) => model.shapes[name]!),
  )
  if (described === undefined || !alongLast)
    throw new RangeError(`LOTION ${format.name}: not written for PyTorch, which is ${TORCH_FORMATS}`)
  return { format: described, quantized, beta: BETA, strength: LAMBDA }
}

/** Do something so many times, one after the other. */
async function repeated(times: number, take: () => Promise<number>): Promise<readonly number[]> {
  const found: number[] = []
  while (found.length < times) found.push(await take())
  return found
}

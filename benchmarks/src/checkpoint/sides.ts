// The sides of `lotion bench checkpoint`: LOTION with the traced engine in this process, AdamW with PyTorch
// in one of its own. Comes in: the subject. Goes out: whole training steps, and the memory that they took.
// Source: LOTION (arXiv 2510.08757); python/torch_engine.py.

import { join } from 'node:path'
import { writeSafetensors } from '@lotion/checkpoints'
import { mapTree, type HostArray } from '@lotion/core'
import { adamw, byName, clipByGlobalNorm, lotion, withMethod } from '@lotion/optim'
import { z } from 'zod'
import { adamwSettings } from '../engine/engine-subject.js'
import { stepOn } from '../engine/training-step.js'
import { millisecondsOf, type Competitor, type CompetitorDefinition } from '../harness/competitor.js'
import { peakMemory } from '../harness/peak-memory.js'
import { timed, torchCompetitor } from '../harness/torch-competitor.js'
import type { TrainingSubject } from './training-subject.js'

/** A side; its outcome is the loss at the start. */
export type TrainingSide = CompetitorDefinition<TrainingSubject, Competitor<number>>

/** A small step, so that weights stay where they are as in fine-tuning. */
const settings = { ...adamwSettings, learningRate: 1e-5, weightDecay: 0 }

/** LOTION with a Fisher of its own over AdamW, its gradient clipped. */
export const ours: TrainingSide = Object.freeze({
  name: 'traced',
  open: async (subject: TrainingSubject) => {
    const { engine, executor, model, params, inputs, format, threads, peaks } = subject
    const method = lotion({ format, onWarning: () => undefined })
    const transformation = withMethod(method, adamw(settings), byName(), [clipByGlobalNorm(1)])
    // Adam's and Fisher's moments are there before the first step, as in a run.
    const runtime = { executor, session: engine.gradients(model) }
    const step = stepOn(runtime, { params, shapes: model.shapes, batch: inputs }, transformation)
    const take = async (): Promise<number> => {
      const { loss } = await step.take()
      peaks.set('traced', peakMemory())
      if (Number.isFinite(loss)) return loss
      throw new RangeError(`LOTION: expected a finite loss, found ${loss}; please report it`)
    }
    return {
      version: `onnxruntime ${engine.version}, ${engine.binding} binding`,
      tasks: [
        {
          task: 'step',
          variant: `LOTION ${format.name} over AdamW, clipped`,
          threads,
          first: take,
          run: () => millisecondsOf(take),
        },
      ],
    }
  },
})

/** PyTorch eager with its fused AdamW and fused attention, in f32. */
export const torchSide: TrainingSide = torchCompetitor<TrainingSubject, number>({
  program: 'torch_engine.py',
  threads: ({ threads }) => threads,
  mode: 'eager, f32',
  opening: async ({ model, params, inputs }, folder) => {
    const path = join(folder, 'start.safetensors')
    const parameters = mapTree(params, (data, name): HostArray => ({ data, shape: model.shapes[name] ?? [] }))
    const batch = Object.fromEntries(Object.entries(inputs).map(([name, array]) => [`batch.${name}`, array]))
    await writeSafetensors(path, { ...parameters, ...batch })
    return { path, config: { ...model.config, length: inputs['x']?.shape[1], adamw: settings } }
  },
  tasks: ({ threads, peaks }, { request }) => {
    const take = async () => {
      const step = { do: 'step', attention: 'sdpa', adamw: true }
      const taken = await request(step, timed.extend({ loss: z.number() }))
      peaks.set('PyTorch', (await request({ do: 'memory' }, z.object({ bytes: z.number() }))).bytes)
      return taken
    }
    return [
      {
        task: 'step',
        variant: 'AdamW',
        threads,
        first: async () => (await take()).loss,
        run: async () => (await take()).milliseconds,
      },
    ]
  },
})

// Competitor: PyTorch in eager mode. Comes in: the subject. Goes out: its steps, in both forms of attention;
// the faster one is what PyTorch is judged by. Source: python/torch_engine.py.

import { join } from 'node:path'
import { readSafetensors, toFloat32, writeSafetensors } from '@lotion/checkpoints'
import { mapTree, type HostArray } from '@lotion/core'
import { z } from 'zod'
import type { TimedTask } from '../harness/competitor.js'
import { timed, torchCompetitor } from '../harness/torch-competitor.js'
import { adamwSettings, stepKinds, type EngineSubject, type StepOutcome } from './engine-subject.js'

/** PyTorch eager, AdamW fused, with written-out attention and with `scaled_dot_product_attention`. */
export const torch = torchCompetitor<EngineSubject, StepOutcome>({
  program: 'torch_engine.py',
  threads: ({ threads }) => threads,
  mode: 'eager',
  opening: async ({ model, weights, batch }, folder) => {
    const path = join(folder, 'start.safetensors')
    const parameters = mapTree(weights, (data, name): HostArray => ({
      data,
      shape: model.shapes[name] ?? [],
    }))
    const inputs = Object.fromEntries(Object.entries(batch).map(([name, array]) => [`batch.${name}`, array]))
    await writeSafetensors(path, { ...parameters, ...inputs })
    return { path, config: { ...model.config, length: batch['x']?.shape[1], adamw: adamwSettings } }
  },
  tasks: ({ threads }, { folder, request }) =>
    stepKinds.flatMap((task) =>
      ['manual', 'sdpa'].map((attention): TimedTask<StepOutcome> => {
        const step = { do: 'step', attention, adamw: task === 'adamw' }
        return {
          task,
          variant: `${attention} attention`,
          threads,
          first: async () => {
            const path = join(folder, 'first.safetensors')
            const { loss } = await request({ ...step, path }, timed.extend({ loss: z.number() }))
            const { tensors } = await readSafetensors(path)
            return { loss, tensors: mapTree(tensors, toFloat32) }
          },
          run: async () => (await request(step, timed)).milliseconds,
        }
      }),
    ),
})

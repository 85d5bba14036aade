// Speed test: `lotion bench checkpoint`, training steps of a real model. Comes in: options. Goes out: a
// report.
// Source: docs/design/12-speed-tests.md.

import { wholeNumber, type CliOption } from '@lotion/cli'
import { blockOption, formatOption, formatWith } from '@lotion/cli/internal'
import { z } from 'zod'
import { torchOption } from '../harness/torch-competitor.js'
import { defineWorkload, roundsOption, threadsOption } from '../harness/workload.js'

const count = (flags: string, description: string, value: number): CliOption<number> => ({
  flags,
  description,
  schema: wholeNumber({ min: 1, max: 2 ** 20 }),
  default: String(value),
})

/** Speed and memory of training a checkpoint. */
export const checkpoint = defineWorkload({
  name: 'checkpoint',
  summary: 'speed and memory of LOTION steps on a GGUF file, beside LOTION and AdamW in PyTorch',
  options: {
    file: { flags: '--file <path>', description: 'a GGUF file', schema: z.string() },
    format: formatOption('q4_0'),
    block: blockOption,
    batch: count('--batch <n>', 'sequences a step', 2),
    context: count('--context <n>', 'tokens a sequence', 256),
    rounds: roundsOption('measured steps of each side', 60),
    threads: threadsOption('threads of each side'),
    withTorch: torchOption,
  },
  examples: [
    'lotion bench checkpoint --file SmolLM2-135M-Instruct.Q4_1.gguf --with-torch',
    'lotion bench checkpoint --file model.gguf --batch 1 --context 512 --rounds 10 --json',
  ],
  measure: async ({ format, block, withTorch, rounds, ...options }, context, show) => {
    const chosen = await formatWith(format, block)
    const { compareTraining, trainersBeside } = await import('./compare-training.js')
    const { trainingSubject } = await import('./training-subject.js')
    const subject = await trainingSubject({ ...options, format: chosen })
    show(await compareTraining(subject, { rounds, competitors: trainersBeside(withTorch) }, context))
  },
})

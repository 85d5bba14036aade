// Command: let a trained model go on with a text. Comes in: a run or a file of weights, a prompt. Goes out:
// text, as it comes.
// Source: docs/design/18-language.md.

import { defineCommand, type CliCommand } from '@lotion/cli'
import { z } from 'zod'
import { STANDARD_INPUT, standardInput, untilStopped } from '../language/standard-input.js'
import {
  engineOption,
  loadSpeaker,
  modelArgument,
  samplingOf,
  samplingOptions,
  sourceOptions,
} from './model-options.js'

/** Generates text with a model. */
export const generateCommand: CliCommand = defineCommand({
  path: ['generate'],
  summary: 'let a model go on with a text',
  arguments: { model: modelArgument },
  options: {
    prompt: {
      flags: '--prompt <text>',
      description: 'what to go on with; - reads it from standard input',
      schema: z.string().min(1, 'expected a text, found none'),
      default: 'The ',
    },
    ...samplingOptions(200),
    ...sourceOptions,
    ...engineOption,
  },
  examples: [
    "lotion generate mine --prompt 'Call me'",
    'lotion generate SmolLM2.gguf --temperature 0 --length 40',
    'lotion generate mine --prompt - < beginning.txt',
  ],
  run: async ({ model: word, prompt: given, engine, ...options }, { stdout, warn, signal }) => {
    const prompt = given === STANDARD_INPUT ? await standardInput(untilStopped(process.stdin, signal)) : given
    const { sampling, source } = samplingOf(options)
    const model = await loadSpeaker(word, engine, source, warn)
    try {
      stdout.write(prompt)
      for await (const piece of model.generate(prompt, { ...sampling, signal })) stdout.write(piece)
      stdout.write('\n')
    } finally {
      await model.close()
    }
  },
})

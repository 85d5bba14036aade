// Command: let a trained model go on with a text. Comes in: a run, a prompt. Goes out: text.
// Source: docs/design/04-bench.md, "A run is a folder".

import { resolve } from 'node:path'
import { defineCommand, folderValue, maybe, realNumber, wholeNumber, type CliCommand } from '@lotion/cli'
import { z } from 'zod'
import { runFolder } from '../run-files/run-file.js'

/** Generates text with the model that a run left. */
export const generateCommand: CliCommand = defineCommand({
  path: ['generate'],
  summary: 'let the model that a run left go on with a text',
  arguments: {
    run: { syntax: '<run>', description: 'its folder, or its name in runs', schema: folderValue },
  },
  options: {
    prompt: {
      flags: '--prompt <text>',
      description: 'what to go on with',
      schema: z.string().min(1, 'expected a text, found none'),
      default: 'The ',
    },
    length: {
      flags: '--length <n>',
      description: 'tokens to add',
      schema: wholeNumber({ min: 1, max: 1e6 }),
      default: '200',
    },
    temperature: {
      flags: '--temperature <t>',
      description: '0 takes the likeliest token each time; 1 draws as the model says',
      schema: realNumber({ min: 0 }),
      default: '0.7',
    },
    topK: {
      flags: '--top-k <n>',
      description: 'only the likeliest tokens are drawn (default: all)',
      schema: maybe(wholeNumber({ min: 1, max: 1e9 })),
      default: '40',
    },
    seed: {
      flags: '--seed <n>',
      description: 'the same seed gives the same text',
      schema: wholeNumber({ min: 0, max: 2 ** 52 }),
      default: '0',
    },
  },
  examples: ["lotion generate mine --prompt 'Call me'", 'lotion generate runs/train --temperature 0'],
  run: async ({ run: word, prompt, length, temperature, topK, seed }, { stdout, warn, signal }) => {
    const { loadRunModel } = await import('../language/run-model.js')
    const { openGenerator } = await import('../language/generator.js')
    const found = await loadRunModel(resolve(await runFolder(word)))
    const generator = await openGenerator(found, warn)
    try {
      signal.throwIfAborted()
      const sampling = { length, temperature, seed, ...(topK === undefined ? {} : { topK }) }
      stdout.write(`${prompt}${await generator.generate(prompt, sampling)}\n`)
    } finally {
      await generator.close()
    }
  },
})

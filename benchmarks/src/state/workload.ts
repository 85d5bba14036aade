// Speed test: `lotion bench state`, steps over the state of a large model. Comes in: options. Goes out: a
// report.
// Source: docs/design/12-speed-tests.md, docs/design/07-cpu.md.

import { oneOf, wholeNumber } from '@lotion/cli'
import {
  blockOption,
  chosenPlugin,
  fisherKind,
  formatOption,
  formatWith,
  pluginWord,
  wordsOf,
} from '@lotion/cli/internal'
import { defineWorkload, threadsOption } from '../harness/workload.js'

/** What is stepped: AdamW alone, or a method on top of it. */
export const stateMethods = ['adamw', 'lotion', 'cage'] as const

/** Steps over weights, gradients and slots alone. */
export const state = defineWorkload({
  name: 'state',
  summary: 'steps over the state of a large model: time a weight, and memory',
  options: {
    parameters: {
      flags: '--parameters <n>',
      description: 'parameters of the model, about; 16 to 20 bytes of memory each',
      schema: wholeNumber({ min: 50_000, max: 2 ** 36 }),
      default: '300000000',
    },
    method: {
      flags: '--method <name>',
      description: `what is stepped: ${stateMethods.join(', ')} (the others on top of adamw)`,
      schema: oneOf(stateMethods),
      default: 'lotion',
    },
    format: formatOption('int4'),
    block: blockOption,
    fisher: {
      flags: '--fisher <kind>',
      description: `LOTION's curvature: ${wordsOf(fisherKind)}; empirical takes 4 bytes a parameter more`,
      schema: pluginWord(fisherKind),
      default: 'empirical',
    },
    steps: {
      flags: '--steps <n>',
      description: 'measured steps, after one that warms up',
      schema: wholeNumber({ min: 1, max: 100_000 }),
      default: '5',
    },
    threads: threadsOption('threads', { most: 8 }),
  },
  examples: [
    'lotion bench state',
    'lotion bench state --parameters 1000000000 --format mxfp4 --fisher adam-second-moment',
  ],
  measure: async ({ format, block, fisher, ...values }, context, show) => {
    const { stepState } = await import('./step-state.js')
    const chosen = {
      format: await formatWith(format, block),
      fisher: await chosenPlugin(fisherKind, fisher, undefined),
    }
    show(await stepState({ ...values, ...chosen }, context))
  },
})

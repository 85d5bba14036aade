// Command: `lotion bench state`. Comes in: options. Goes out: a few lines, or a line of JSON.
// Source: docs/design/07-cpu.md.

import { adamSecondMoment, empirical } from '@lotion/fisher'
import {
  blockOption,
  defineCommand,
  flag,
  formatOption,
  formatWith,
  maybe,
  oneOf,
  progressLine,
  wholeNumber,
} from '@lotion/cli'
import { benchState, stateMethods } from './bench-state.js'
import { stateJson, stateText } from './state-text.js'

const fishers = {
  empirical: () => empirical(),
  'adam-second-moment': () => adamSecondMoment(),
} as const

/** Step the state of a large model. */
export const stateBenchCommand = defineCommand({
  path: ['bench', 'state'],
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
      description: "LOTION's curvature: empirical (4 bytes a parameter more), or adam-second-moment",
      schema: oneOf(Object.keys(fishers) as (keyof typeof fishers)[]),
      default: 'empirical',
    },
    steps: {
      flags: '--steps <n>',
      description: 'measured steps, after one that warms up',
      schema: wholeNumber({ min: 1, max: 100_000 }),
      default: '5',
    },
    threads: {
      flags: '--threads <n>',
      description: 'threads (default: all cores, at most 8)',
      schema: maybe(wholeNumber({ min: 1, max: 1024 })),
    },
    json: { flags: '--json', description: 'write a line of JSON', schema: flag },
  },
  examples: [
    'lotion bench state',
    'lotion bench state --parameters 1000000000 --format mxfp4 --fisher adam-second-moment',
  ],
  run: async ({ format, block, fisher, json, ...values }, { stdout, stderr, signal }) => {
    const line = progressLine({ label: 'state', total: values.steps + 1, unit: 'steps', stream: stderr })
    const report = await benchState({
      ...values,
      format: formatWith(format, block),
      fisher: fishers[fisher](),
      signal,
      progress: (step) => line.update({ step }),
    }).finally(() => line.stop())
    stdout.write(json ? stateJson(report) : stateText(report))
  },
})

// Test of repetition: `lotion bench repeats`, the same steps again and again on several threads. Comes in:
// options. Goes out: a report that fails if a bit differs. Source: docs/design/06-traced-engine.md, order of
// sums.

import { several, wholeNumber } from '@lotion/cli'
import { defineWorkload, threadsOption } from '../harness/workload.js'

const width = wholeNumber({ min: 32, max: 8192 }).refine((value) => value % 32 === 0, {
  error: ({ input }) => `expected a multiple of 32, found '${String(input)}'`,
})
/** Bits of steps on several threads. */
export const repeatedSteps = defineWorkload({
  name: 'repeats',
  summary: 'steps that read and add rows by id, repeated on several threads: do any bits differ?',
  options: {
    widths: {
      flags: '--widths <list>',
      description: 'lengths of the rows, multiples of 32; with commas',
      schema: several(width),
      default: '64,128,256,512,768,1024',
    },
    repeats: {
      flags: '--repeats <n>',
      description: 'runs of each computation',
      schema: wholeNumber({ min: 1, max: 1_000_000 }),
      default: '500',
    },
    threads: threadsOption('threads', { least: 2, most: 256 }),
  },
  examples: ['lotion bench repeats', 'lotion bench repeats --widths 512,1024 --repeats 5000 --threads 4'],
  measure: async ({ widths, repeats, threads }, context, show) => {
    const { repeatSteps } = await import('./repeat-steps.js')
    show(await repeatSteps({ widths: [...new Set(widths)], repeats, threads }, context))
  },
})

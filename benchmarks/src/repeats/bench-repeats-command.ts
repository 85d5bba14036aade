// Command: `lotion bench repeats`. Comes in: options. Goes out: a table, or lines of JSON; status 1 if bits differ.
// Source: docs/design/06-traced-engine.md, order of sums.

import { availableParallelism } from 'node:os'
import {
  defineCommand,
  FailedCheck,
  flag,
  maybe,
  type ProgressLine,
  progressLine,
  several,
  wantsPlain,
  wholeNumber,
} from '@lotion/cli'

const width = wholeNumber({ min: 32, max: 8192 }).refine((value) => value % 32 === 0, {
  error: ({ input }) => `expected a multiple of 32, found '${String(input)}'`,
})

/** Repeat steps on several threads and look for bits that differ. */
export const repeatsBenchCommand = defineCommand({
  path: ['bench', 'repeats'],
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
    threads: {
      flags: '--threads <n>',
      description: 'threads (default: all cores, at least 2)',
      schema: maybe(wholeNumber({ min: 2, max: 256 })),
    },
    json: { flags: '--json', description: 'write a line of JSON for each case', schema: flag },
  },
  examples: ['lotion bench repeats', 'lotion bench repeats --widths 512,1024 --repeats 5000 --threads 4'],
  run: async ({ widths, repeats, threads, json }, { stdout, stderr, signal }) => {
    // Not before they are needed: other commands and the help would wait for tfjs.
    const [{ benchRepeats }, { repeatsJson, repeatsTable }] = await Promise.all([
      import('./bench-repeats.js'),
      import('./repeats-text.js'),
    ])
    let line: ProgressLine | undefined
    try {
      const report = await benchRepeats({
        widths: [...new Set(widths)],
        repeats,
        threads: threads ?? Math.min(256, Math.max(2, availableParallelism())),
        signal,
        progress: (done, total) => {
          line ??= progressLine({ label: 'cases', total, unit: 'cases', stream: stderr })
          line.update({ step: done })
        },
      })
      line?.stop()
      stdout.write(json ? repeatsJson(report) : repeatsTable(report, { plain: wantsPlain(stdout) }))
      const bad = report.rows.filter(({ differing }) => differing > 0)
      if (bad.length > 0)
        throw new FailedCheck(
          `threads: expected the bits of one thread in every run, found others in ${bad
            .map((row) => `${row.name}, ${row.ids}, width ${row.width} (${row.differing} of ${row.repeats})`)
            .join('; ')}; please report it`,
        )
    } finally {
      line?.stop()
    }
  },
})

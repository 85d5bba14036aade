// Command: tell what a run is and what it found, finished or not. Comes in: its folder. Goes out: how it
// was made, its table so far, and what to do next.
// Source: docs/design/04-bench.md, "A run is a folder".

import { relative } from 'node:path'
import { defineCommand, type CliCommand } from '@lotion/cli'
import { ownerOf, shellWord, wantsPlain } from '@lotion/cli/internal'
import { bitsPerByteLine } from '../report/bits-per-byte.js'
import { comparisonText, lossText } from '../report/comparison-table.js'
import { commitText } from '../run-files/commit.js'
import { lastPlaces } from '../run-files/left-by-diverged.js'
import type { StoredRun } from '../run-files/stored-run.js'
import { readRuns, runArgument } from './run-arguments.js'

/** Shows one run. */
export const showCommand: CliCommand = defineCommand({
  path: ['show'],
  summary: 'show a run: how it was made, its table, how far it is',
  arguments: {
    run: runArgument,
  },
  options: {},
  examples: ['lotion show runs/quickstart', 'lotion show quickstart-2'],
  run: async ({ run: word }, context) => {
    const { stdout, typed } = context
    const [run] = (await readRuns([word], context)) as readonly [StoredRun]
    const { file, findings, folder, state } = run
    const shown = shellWord(relative(process.cwd(), folder) || '.')
    const { command, commit, versions, timing } = file.record
    stdout.write(
      [
        `${shown}: ${state}`,
        `  ${command}`,
        `  began ${timing.at}${file.finishedAt === undefined ? '' : `, finished ${file.finishedAt}`}`,
        `  Node ${versions['node']}, @lotion/bench ${versions['@lotion/bench']}, ${versions['platform']}, ${versions['processor']}`,
        ...(commit ? [`  commit ${commitText(commit)}`] : []),
        ...(await progressOf(run)),
        '',
        '',
      ].join('\n'),
    )
    if (findings.comparisons.length > 0)
      stdout.write(
        comparisonText(findings, {
          loss: file.loss,
          format: file.formatTitle,
          usualSteps: file.usualSteps,
          plain: wantsPlain(stdout),
        }),
      )
    const bits = bitsPerByteLine(findings.comparisons, file.loss)
    if (bits !== undefined) stdout.write(`${bits}\n`)
    const places = await lastPlaces(folder, findings.results)
    if (places.length > 0) stdout.write(`${places.join('\n')}\n`)
    if (state === 'interrupted') stdout.write(`to go on: ${typed} resume ${shown}\n`)
  },
})

/** How far a run is that is not finished. */
async function progressOf({ file, findings, folder, state }: StoredRun): Promise<readonly string[]> {
  if (state === 'finished') return []
  const { methods, seeds, steps } = file.comparison
  const last = findings.evaluations.at(-1)
  const owner = await ownerOf(folder)
  return [
    `  ${findings.results.length} of ${methods.length * seeds} runs done${owner ? `, process ${owner.pid}` : ''}`,
    ...(last
      ? [
          `  last evaluation: ${last.method}, seed ${last.seed}, step ${last.step} of ${steps}: ` +
            `${lossText(last.nearest, file.loss)} after the cast, ${lossText(last.fullPrecision, file.loss)} in full precision`,
        ]
      : []),
  ]
}

// Command: the whole path from text to a 4-bit model. Comes in: options. Goes out: a table, a report,
// metrics, a model.
// Source: docs/design/04-bench.md; it is the language task under a name of its own, with more to read at its
// end.

import { language } from '../tasks/language.js'
import { runCommand } from './run-command.js'

/** The first command of a new user. */
export const quickstart = runCommand(language, {
  path: ['quickstart'],
  examples: [
    'lotion quickstart',
    'lotion quickstart --format int3 --block row',
    'lotion quickstart --format mxfp4 --steps 300 --seed 2',
    'lotion quickstart --seeds 5 --out runs/five-seeds',
  ],
  out: 'runs/quickstart',
  closing: [
    ['quickstart --format int3 --block row', 'a format that hurts more'],
    ['run linear-regression', 'the paper’s synthetic problem, five methods, ten seeds'],
    ['--help', 'everything else'],
  ],
})

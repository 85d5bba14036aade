// Every command of the tool, in the order of the help. Comes in: nothing. Goes out: commands.
// Source: one file a command; a new one is one line here.

import { engineBenchCommand } from '../engine/bench-engine-command.js'
import { kernelBenchCommand } from '../kernels/bench-kernels-command.js'
import { stateBenchCommand } from '../state/bench-state-command.js'
import { stepBenchCommand } from '../step/bench-step-command.js'
import { matmulBenchCommand } from '../matmul/bench-matmul-command.js'
import { newFormatCommand, newNoiseCommand } from '../plugins/new-command.js'
import { verifyCommand } from '../plugins/verify-command.js'
import { castCommand } from '../weights/cast-command.js'
import { inspectCommand } from '../weights/inspect-command.js'
import type { CliCommand } from './cli-command.js'
import { quickstart } from './quickstart.js'
import { runLinearRegression } from './run-linear-regression.js'
import { runTwoLayer } from './run-two-layer.js'

/** The commands of `lotion`. */
export const commands: readonly CliCommand[] = Object.freeze([
  quickstart,
  runLinearRegression,
  runTwoLayer,
  engineBenchCommand,
  kernelBenchCommand,
  stateBenchCommand,
  stepBenchCommand,
  matmulBenchCommand,
  castCommand,
  inspectCommand,
  newNoiseCommand,
  newFormatCommand,
  verifyCommand,
])

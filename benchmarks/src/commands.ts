// The commands of the speed tests, in the order of the help. Comes in: nothing. Goes out: what loads them.
// Source: a folder a speed test, whose record is in workload.ts; a new one is one line here.

import type { CommandEntry } from '@lotion/cli'
import { benchCommand } from './harness/workload.js'

/** Commands by their words. */
export const commands: readonly CommandEntry[] = [
  { path: 'bench engine', load: async () => benchCommand((await import('./engine/workload.js')).engine) },
  { path: 'bench kernels', load: async () => benchCommand((await import('./kernels/workload.js')).kernels) },
  { path: 'bench state', load: async () => benchCommand((await import('./state/workload.js')).state) },
  { path: 'bench step', load: async () => benchCommand((await import('./step/workload.js')).step) },
  { path: 'bench matmul', load: async () => benchCommand((await import('./matmul/workload.js')).matmul) },
  {
    path: 'bench repeats',
    load: async () => benchCommand((await import('./repeats/workload.js')).repeatedSteps),
  },
]

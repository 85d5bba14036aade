// The commands of the speed tests, in the order of the help. Comes in: nothing. Goes out: what loads them.
// Source: a folder a speed test, whose record is in workload.ts; a new one is one line here.

import type { CliOptions, CommandEntry } from '@lotion/cli'
import { benchCommand, type Workload } from './harness/workload.js'

/** Speed tests by name. */
const workloads: Readonly<Record<string, () => Promise<Workload<CliOptions>>>> = {
  engine: async () => (await import('./engine/workload.js')).engine,
  checkpoint: async () => (await import('./checkpoint/workload.js')).checkpoint,
  kernels: async () => (await import('./kernels/workload.js')).kernels,
  state: async () => (await import('./state/workload.js')).state,
  step: async () => (await import('./step/workload.js')).step,
  matmul: async () => (await import('./matmul/workload.js')).matmul,
  repeats: async () => (await import('./repeats/workload.js')).repeatedSteps,
}

/** Commands by their words. */
export const commands: readonly CommandEntry[] = Object.entries(workloads).map(([name, load]) => ({
  path: `bench ${name}`,
  load: async () => benchCommand(await load()),
}))

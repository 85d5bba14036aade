// The machine that a measurement holds for. Comes in: nothing. Goes out: its description, in fields and in a
// line.
// Source: node:os.

import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os'

/** What speed depends on. */
export interface DeviceDescription {
  readonly cpu: string
  /** Threads that this process may run at once. */
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
}

/** Describe this machine. */
export function deviceDescription(): DeviceDescription {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown processor',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
  }
}

/** Write a description in a line. */
export function deviceLine({ cpu, cores, memoryGiB, system, node }: DeviceDescription): string {
  return `${cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${memoryGiB} GiB, ${system}, Node ${node}`
}

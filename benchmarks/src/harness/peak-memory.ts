// The most memory that this process ever had. Comes in: nothing. Goes out: bytes.
// Source: proc(5), VmHWM; getrusage(2) elsewhere, whose number a process may inherit from who started it.

import { readFileSync } from 'node:fs'

/** Most bytes of this process that were resident at once. */
export function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  if (kibibytes === undefined) throw new Error('/proc/self/status: expected a line VmHWM, found none')
  return Number(kibibytes) * 1024
}

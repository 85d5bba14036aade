// How far pip is. Comes in: the lines that it writes, and the folder that it downloads into. Goes out: a
// progress line a large file.
// Source: pip's own words, `Downloading NAME (906.4 MB)`; its bar is drawn on terminals alone, and only newer
// ones tell numbers.

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchContext } from './competitor.js'

/** Smaller files are there before anybody has read their name. */
const LARGE_MEGABYTES = 20
const decimalUnits = { kB: 1e-3, MB: 1, GB: 1e3 } as const

/** Follow downloads into a folder; `line` takes pip's lines. Always call `stop`: it ends a timer. */
export function downloadProgress(
  folder: string,
  { progress, log }: Pick<BenchContext, 'progress' | 'log'>,
  everyMilliseconds = 500,
): { line(text: string): void; stop(): void } {
  let current: { readonly name: string; readonly megabytes: number; readonly before: number } | undefined
  const show = (): void => {
    if (current === undefined) return
    const { name, megabytes, before } = current
    const there = Math.min(Math.floor(megabytesIn(folder) - before), Math.floor(megabytes))
    progress(name, Math.max(0, there), Math.floor(megabytes), 'MB')
  }
  const timer = setInterval(show, everyMilliseconds)
  return {
    line: (text) => {
      const [, file, size, unit] = /^\s*Downloading (\S+) \(([\d.]+) (kB|MB|GB)\)/.exec(text) ?? []
      if (file !== undefined) {
        const megabytes = Number(size) * decimalUnits[unit as keyof typeof decimalUnits]
        const name = file.slice(file.lastIndexOf('/') + 1).split('-')[0]!
        current = megabytes < LARGE_MEGABYTES ? undefined : { name, megabytes, before: megabytesIn(folder) }
      } else if (text.startsWith('Installing collected packages')) {
        current = undefined
        log('unpacking; a few minutes')
      }
    },
    stop: () => clearInterval(timer),
  }
}

/** Size of all files in a folder; what disappears meanwhile is not there. */
function megabytesIn(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return files.reduce(
      (sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0) / 1e6,
      0,
    )
  } catch {
    return 0
  }
}

// What is left of runs that diverged. Comes in: a run's folder and its results. Goes out: lines that name the
// files, as far as they are there.
// Source: docs/design/04-bench.md, "A run is a folder".

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ResultRecord } from '../records.js'

/** Name the last place of each run that diverged, where one is kept. */
export async function lastPlaces(
  folder: string,
  results: readonly ResultRecord[],
): Promise<readonly string[]> {
  const lines = await Promise.all(
    results.map(async ({ method, seed, left }) => {
      if (left?.job === undefined) return []
      const names = await readdir(join(folder, 'checkpoints', left.job)).catch((): string[] => [])
      const last = names
        .filter((name) => /^step-\d+\.safetensors$/.test(name))
        .sort()
        .at(-1)
      return last === undefined
        ? []
        : [`${method}, seed ${seed}: the last place before it diverged is checkpoints/${left.job}/${last}`]
    }),
  )
  return lines.flat()
}

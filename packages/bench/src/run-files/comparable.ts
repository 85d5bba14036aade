// Which runs can be compared, and what differs between them. Comes in: runs. Goes out: names, groups,
// reasons.
// Source: docs/design/04-bench.md, rules of a comparison: losses of another task, in another unit or of
// other data have no difference.

import { sep } from 'node:path'
import { UsageError } from '@lotion/cli'
import type { StoredRun } from './stored-run.js'

/**
 * What runs are called beside each other: the name of the folder, with as many of the folders above as tell
 * it from the others.
 * @throws UsageError if one is there twice.
 */
export function runNames(runs: readonly StoredRun[]): ReadonlyMap<StoredRun, string> {
  const nameOf = (folder: string, parts: number): string => folder.split(sep).slice(-parts).join('/')
  return new Map(
    runs.map((run) => {
      const others = runs.filter((other) => other !== run).map(({ folder }) => folder)
      if (others.includes(run.folder))
        throw new UsageError(`runs: expected each run once, found ${run.folder} twice; name it once`)
      let parts = 1
      while (others.some((other) => nameOf(other, parts) === nameOf(run.folder, parts))) parts++
      return [run, nameOf(run.folder, parts)]
    }),
  )
}

/** What the losses of a run are of, by name; runs that differ in one of them have no difference. */
function measured({ file }: StoredRun): ReadonlyMap<string, string> {
  const { loss, comparison, record } = file
  return new Map([
    ['task', comparison.task.word],
    ['loss', loss.name],
    ['unit', loss.unit ?? 'none'],
    ...(loss.of ?? []).map((name) => [name, settingText(record.config[name])] as const),
  ])
}

const keyOf = (run: StoredRun): string => JSON.stringify([...measured(run)])

/** Runs that can be compared with each other, together. */
export function comparableGroups(runs: readonly StoredRun[]): readonly (readonly StoredRun[])[] {
  const keys = [...new Set(runs.map(keyOf))]
  return keys.map((key) => runs.filter((run) => keyOf(run) === key))
}

/** Why runs cannot be compared: `another task (a: text, b: language)` and so on; nothing if they can. */
export function notComparable(runs: readonly StoredRun[]): readonly string[] {
  const names = runNames(runs)
  const all = runs.map(measured)
  const known = [...new Set(all.flatMap((each) => [...each.keys()]))]
  return known.flatMap((name) => {
    const texts = all.map((each) => each.get(name) ?? 'none')
    return new Set(texts).size === 1
      ? []
      : [`another ${name} (${runs.map((run, i) => `${names.get(run)!}: ${texts[i]!}`).join(', ')})`]
  })
}

/** What was chosen differently: the setting, then its value in each run. */
export function differingSettings(runs: readonly StoredRun[]): readonly (readonly string[])[] {
  const configs = runs.map(({ file }) => file.record.config)
  const names = [...new Set(configs.flatMap((config) => Object.keys(config)))]
  return names.flatMap((name) => {
    const texts = configs.map((config) => settingText(config[name]))
    return new Set(texts).size > 1 ? [[name, ...texts]] : []
  })
}

const settingText = (value: unknown): string =>
  value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)

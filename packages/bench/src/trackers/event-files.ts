// Event files for TensorBoard: a folder for each method and seed, written as records come. Comes in: the
// records of a run. Goes out: files that TensorBoard reads, while the run is under way too.
// Source: TensorBoard, "The TensorBoard log directory": each folder with event files is a run of its own.

import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MetricsRecord } from '../records.js'
import { scalarRecord, versionRecord } from './event-bytes.js'
import { pointOf, type Point } from './points.js'

/** Our files of a folder: no other program's are ever removed. */
const ourFile = /^events\.out\.tfevents\.\d+\.lotion$/

/** Losses stand in one group of charts; the rest by itself. */
const losses = new Set(['training', 'fullPrecision', 'nearest', 'randomized', 'randomizedMean'])

/** Takes the records of a run. */
export interface EventFiles {
  /** Write what a record measured; awaited, one after the other. */
  record(record: MetricsRecord): Promise<void>
}

/**
 * Write event files below a folder, anew from the first record: a run that goes on tells again what it told
 * before it was interrupted.
 * @param folder Made if it is not there; other files in it stay as they are.
 */
export function eventFiles(folder: string): EventFiles {
  const paths = new Map<string, string>()
  const open = async (name: string, time: number): Promise<string> => {
    const own = join(folder, folderName(name, [...paths.keys()]))
    await mkdir(own, { recursive: true })
    for (const file of await readdir(own)) if (ourFile.test(file)) await rm(join(own, file))
    const path = join(own, `events.out.tfevents.${String(Math.floor(time)).padStart(10, '0')}.lotion`)
    await writeFile(path, versionRecord(time))
    paths.set(name, path)
    return path
  }
  return {
    async record(record) {
      const point = pointOf(record)
      if (!point) return
      const name = `${point.method} seed ${point.seed}`
      const time = Date.parse(point.at) / 1000
      const path = paths.get(name) ?? (await open(name, time))
      await appendFile(path, scalarRecord({ time, step: point.step, values: tagged(point) }))
    },
  }
}

const tagged = ({ values }: Point): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const words = key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
      return [losses.has(key) ? `loss/${words}` : `run/${words}`, value]
    }),
  )

/** A folder's name of a run's: methods may be paths. Two that would share one are told apart by a number. */
function folderName(name: string, before: readonly string[]): string {
  const plain = (text: string): string => text.replaceAll(/[^\w.@-]+/g, '-').replace(/^[.-]+/, '') || 'run'
  const alike = before.filter((other) => plain(other) === plain(name)).length
  return alike === 0 ? plain(name) : `${plain(name)}-${alike + 1}`
}

// The lines that a run leaves. Comes in: records. Goes out: a file that only grows, each line on the disk
// before the next step; a run that is continued writes on where what it tells again ends.
// Source: docs/design/04-bench.md, "A run is a folder".

import { open, readFile, type FileHandle } from 'node:fs/promises'

/** A file of lines. */
export interface MetricsFile {
  /**
   * Add a record, or pass by it where it stands there already. One after the other, in the order of the
   * calls.
   */
  record(record: object): Promise<void>
  /** Cut off what was there and was not told again, and close the file. */
  finish(): Promise<void>
  /** Close the file as it is. */
  close(): Promise<void>
}

/**
 * Open the lines of a run; none are there of a new one. What a continued run tells again is compared with
 * what stands there: the file is cut at the first difference, half a line at its end being one.
 */
export async function openMetrics(path: string): Promise<MetricsFile> {
  const known = await readFile(path, 'utf8').catch(() => '')
  const handle = await open(path, 'a')
  let at = 0
  let grows = known === ''
  let last: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    // A failure is told to its own caller alone.
    const done = last.catch(() => undefined).then(work)
    last = done
    return done
  }
  const cut = async (): Promise<void> => {
    if (!grows) await handle.truncate(Buffer.byteLength(known.slice(0, at)))
    grows = true
  }
  return Object.freeze({
    record: (record: object) =>
      inTurn(async () => {
        const line = `${JSON.stringify(record)}\n`
        if (!grows && known.startsWith(line, at)) {
          at += line.length
          return
        }
        await cut()
        await append(handle, line)
      }),
    finish: () =>
      inTurn(async () => {
        if (at < known.length) await cut()
        await handle.sync()
        await handle.close()
      }),
    close: () => inTurn(() => handle.close()),
  } satisfies MetricsFile)
}

/** Add a line whole: what was written of one that found no room is cut off again. */
async function append(handle: FileHandle, line: string): Promise<void> {
  const { size } = await handle.stat()
  const bytes = Buffer.from(line, 'utf8')
  try {
    for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten
    await handle.datasync()
  } catch (error) {
    await handle.truncate(size).catch(() => undefined)
    throw error
  }
}

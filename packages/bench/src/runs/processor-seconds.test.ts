// What a run took of the processors is told whole, also where it was stopped and went on, but not what
// another took for the steps that it begins with.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { smallJob, STEPS } from '../../test/small-job.js'
import { jobRunner, type RunJob } from './run-job.js'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lotion-processor-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Seconds of work that are added to one step: many times what the run itself takes. */
const WORK = 1

/** Do a job; work at one of its steps, and stop at one. @returns what its result says that it took. */
async function taken(own: Partial<RunJob>, at: { readonly work?: number; readonly stop?: number } = {}) {
  const runner = jobRunner((message) => expect.fail(message))
  const stop = new AbortController()
  let worked = false
  const progress = ({ step }: { readonly step: number }): void => {
    if (step === at.work && !worked) {
      worked = true
      const since = process.cpuUsage()
      const used = () => {
        const { user, system } = process.cpuUsage(since)
        return (user + system) / 1e6
      }
      while (used() < WORK);
    }
    if (step === at.stop) stop.abort(new Error('stopped'))
  }
  try {
    const { record } = await runner.run(smallJob({ casts: 1, branches: [STEPS / 2], ...own }), {
      observer: { progress },
      signal: stop.signal,
      store: { folder, last: 1 },
    })
    return record.timing.processorSeconds
  } finally {
    await runner.close()
  }
}

test('a run that was stopped tells its whole, one that begins with its steps none of them', async () => {
  await expect(taken({}, { work: 5, stop: 10 })).rejects.toThrow('stopped')
  await expect(taken({}, { stop: 30 })).rejects.toThrow('stopped')
  expect(await taken({})).toBeGreaterThanOrEqual(WORK)
  expect(await taken({ method: 'ptq+qat@0.5' })).toBeLessThan(WORK)
  // Nor once it has been stopped itself, and has a place of its own.
  await expect(taken({ method: 'ptq+lsq@0.5' }, { stop: 30 })).rejects.toThrow('stopped')
  expect(await taken({ method: 'ptq+lsq@0.5' })).toBeLessThan(WORK)
})

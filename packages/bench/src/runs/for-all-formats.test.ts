// What PTQ trains does not depend on the format: a store has it once for all of them, and each run is the one
// that it is alone.

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { smallJob, STEPS } from '../../test/small-job.js'
import { jobRunner, type RunJob } from './run-job.js'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lotion-formats-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const late = { method: 'ptq+qat@0.5', branches: [STEPS / 2] }

/** What a job leaves, and how many steps it trained. */
async function outcome(own: Partial<RunJob>, store?: string): Promise<readonly [unknown, number]> {
  const runner = jobRunner((message) => expect.fail(message))
  let steps = 0
  const observer = { progress: () => void steps++ }
  const kept = store === undefined ? {} : { store: { folder: join(folder, store), last: 1 } }
  const { record } = await runner.run(smallJob(own), { observer, ...kept })
  await runner.close()
  return [{ ...record, timing: undefined }, steps]
}

test.each([
  ['PTQ in another format', { format: 'int2' }, 0],
  ['PTQ in other blocks', { block: '4' }, 0],
  ['PTQ with another scale', { format: 'int4:mse-clip' }, 0],
  ['what begins with PTQ', { ...late, format: 'int2' }, STEPS / 2],
  ['the same with another scale', { ...late, format: 'int4:mse-clip' }, STEPS / 2],
  // Another start, another rate, another method: nothing of it is the same.
  ['another seed', { format: 'int2', seed: 4 }, STEPS],
  ['another rate', { format: 'int2', learningRate: 1 }, STEPS],
  ['another method', { format: 'int2', method: 'qat' }, STEPS],
  // Losses on the way are of the format.
  ['what is evaluated on its way', { format: 'int2', evaluations: 2 }, STEPS],
] satisfies readonly (readonly [string, Partial<RunJob>, number])[])('%s', async (_, own, steps) => {
  expect(await outcome({}, 'one')).toEqual([expect.anything(), STEPS])
  const [alone, whole] = await outcome(own)
  expect(whole).toBe(STEPS)
  expect(await outcome(own, 'one')).toEqual([alone, steps])
})

test('what is trained for a format is shared within it alone', async () => {
  const lotion = { method: 'lotion', numbers: { lambda: 1 }, branches: [STEPS / 2] }
  const then = { ...lotion, method: 'lotion+qat@0.5' }
  await outcome(lotion, 'one')
  expect((await outcome(then, 'one'))[1]).toBe(STEPS / 2)
  expect((await outcome({ ...then, format: 'int2' }, 'one'))[1]).toBe(STEPS)
  const names = await readdir(join(folder, 'one', 'checkpoints'))
  expect(names.filter((name) => name.startsWith('shared-lotion-'))).toHaveLength(2)
})

test('the scale is that of the losses', async () => {
  const [plain] = await outcome({ format: 'int2' })
  const [clipped] = await outcome({ format: 'int2:mse-clip' })
  expect(clipped).toMatchObject({ fullPrecision: (plain as { fullPrecision: number }).fullPrecision })
  expect(clipped).not.toMatchObject({ nearest: (plain as { nearest: number }).nearest })
  await expect(outcome({ format: 'int4:magic' })).rejects.toThrow(
    /int4: expected behind it one of the scale rules/,
  )
})

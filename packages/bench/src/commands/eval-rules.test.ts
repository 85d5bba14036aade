// A cast of a run that is made now follows the rules that it was trained under.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import type { Evaluation } from '@lotion/language'
import { afterAll, beforeAll, expect, test } from 'vitest'

const here = process.cwd()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-rules-'))
  process.chdir(folder)
  await writeFile(
    'rhyme.txt',
    'The rain in spring falls on the plain, and what has fallen falls again.\n'.repeat(40),
  )
})
afterAll(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})

test('parameters with formats of their own have them in a cast to another format, too', async () => {
  const small = '--model nano --steps 2 --batch 2 --context 16 --casts 1 --format q4_0 --threads 1'
  const rules = '--formats wte:q8_0,c_fc:f32'
  const made = await recordedCli(`train --data rhyme.txt ${small} ${rules} --out ruled`.split(' '))
  expect(made).toMatchObject({ status: 0 })
  const judged = async (line: string): Promise<Evaluation> =>
    JSON.parse((await recordedCli(line.split(' '))).stdout) as Evaluation
  const asTrained = await judged('eval ruled --json')
  const now = await judged('eval ruled --format q4_0 --json')
  expect([now.loss, now.reference]).toEqual([asTrained.loss, asTrained.reference])
})

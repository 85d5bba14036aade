// `lotion compare` where a method diverged on a seed: that seed is lost, and told.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder = ''
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'lotion-compare-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a seed on which a method diverged is lost to it, not left out', async () => {
  const out = join(folder, 'run')
  const words = 'run linear-regression --dimension 16 --steps 20 --seeds 3 --casts 1 --workers 1'
  const made = await recordedCli([...words.split(' '), '--methods', 'ptq,lotion', '--out', out])
  expect(made).toMatchObject({ status: 0 })
  const path = join(out, 'metrics.jsonl')
  const changed = (await readFile(path, 'utf8')).replaceAll(
    /^(.*"type":"result","method":"lotion","seed":1,.*"nearest":)[^,]+/gm,
    '$1null',
  )
  await writeFile(path, changed)
  const { stdout } = await recordedCli(['compare', out])
  expect(stdout).toMatch(/lotion +3 +diverged +– +– +\S+ +diverged on 1 of 3/)
  const [, worse] = /lotion .* \d\/\d\/(\d)/.exec(stdout)!
  expect(Number(worse)).toBeGreaterThanOrEqual(1)
})

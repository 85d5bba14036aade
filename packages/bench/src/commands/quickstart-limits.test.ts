// What the quickstart knows before its first step, and what it keeps when its last one fails.

import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordedCli, type CliOutcome } from '@lotion/cli/internal'

const cli = (line: string): Promise<CliOutcome> => recordedCli(line.split(' '))

let folder = ''
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'lotion-limits-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

test.each([
  [
    '--dimension 8192 --layers 256',
    /which need 2\.\d+ TiB at least \(weights, gradients and casts .*; choose a smaller model, --batch or --context/,
  ],
  [
    '--batch 4096 --context 4096',
    /need 2\.\d+ TiB at least .*activations of a step .*; choose a smaller model, --batch or --context/,
  ],
])('refuses what cannot fit the memory, before anything is made: %s', async (options, message) => {
  const { status, stdout, stderr } = await cli(`quickstart ${options} --out ${join(folder, 'run')}`)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(message)
  expect(await readdir(folder)).toEqual([])
})

test('a model that cannot be written costs neither the table nor the report', async () => {
  const out = join(folder, 'run')
  const options = '--steps 8 --dimension 16 --layers 1 --heads 1 --batch 2 --context 16 --methods ptq'
  const running = cli(`quickstart ${options} --out ${out}`)
  // A folder in the model's place.
  while (!existsSync(join(out, 'metrics.jsonl'))) await new Promise((resolve) => setTimeout(resolve, 5))
  await mkdir(join(out, 'model.safetensors', 'taken'), { recursive: true })
  const { status, stdout, stderr } = await running
  expect(status).toBe(1)
  expect(stderr).toMatch(/cannot write .*model\.safetensors/)
  expect(stdout).toMatch(/validation loss, nats per byte/)
  expect(stdout).toMatch(/model of ptq .* continues a prompt/)
  expect(stdout).not.toContain('what to look at next')
  expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('</html>')
  expect(stderr).toMatch(/^to go on: lotion resume .*run$/m)
  await rm(join(out, 'model.safetensors'), { recursive: true })
  expect(await cli(`resume ${out}`)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(stdout) as string,
  })
  expect((await readdir(out)).toSorted()).toEqual([
    'finished',
    'metrics.jsonl',
    'model.safetensors',
    'report.html',
    'run.json',
    'weights',
  ])
})

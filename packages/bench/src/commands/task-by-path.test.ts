// A task of somebody else: one file, whose path is all that the command and its workers need.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { amount } from '@lotion/test-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linearRegression } from '../tasks/linear-regression.js'
import { runCommand } from './run-command.js'

// Workers take over the loaders of their parent: vitest's own is none that a process could have.
process.execArgv.push('--import', 'tsx', '--conditions=@lotion/source')

const cli = (...words: readonly string[]) => recordedCli(words)
const small = ['--dimension', '8', '--steps', '4', '--seeds', '2', '--casts', '2', '--methods', 'ptq,lotion']

let folder = ''
let path = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion task '))
  path = join(folder, 'pull.ts')
  // The task of the README, without the lines that run it.
  const page = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const own = page.slice(page.indexOf('## A task of your own'))
  await writeFile(path, /^import[^]*defineTask\([^]*?\n\}\)\n/m.exec(own)![0])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('runs by its path, in workers too, with its own options, help, records and report', async () => {
  expect((await cli('run', path, '--help')).stdout).toMatch(/pull weights to a point[^]*--dimension <n>/i)
  const one = await cli('run', path, ...small, '--workers', '1', '--json')
  expect(one).toMatchObject({ status: 0, stderr: '' })
  expect(JSON.parse(one.stdout.split('\n')[1]!)).toMatchObject({
    task: 'pull',
    method: 'lotion',
    config: { dimension: 8, steps: 4, learningRate: 0.1 },
  })
  const out = join(folder, 'run')
  const two = await cli('run', path, ...small, '--workers', `${amount(1, 2)}`, '--json', '--out', out)
  expect([two.status, two.stdout]).toEqual([0, one.stdout])
  expect((await readdir(out)).toSorted()).toEqual([
    'finished',
    'metrics.jsonl',
    'model.safetensors',
    'report.html',
    'run.json',
    'weights',
  ])
  const report = await readFile(join(out, 'report.html'), 'utf8')
  expect(report).toContain('Losses are half squared distances.')
  for (const step of [0, 1, 2, 3, 4]) expect(report).toContain(`lotion</th><td>1</td><td>${step}</td>`)
  // The run; for each method on each of two seeds the start, four steps and the result, then its comparison.
  const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')
  expect(lines).toHaveLength(1 + 2 * (2 * 11 + 1))
  const comparisons = [lines[23], lines[46]].map((line) => line!.replace('"type":"comparison",', ''))
  expect(comparisons).toEqual(one.stdout.trimEnd().split('\n'))
})

test('a path without a task is refused', async () => {
  const none = join(folder, 'none.mjs')
  await writeFile(none, 'export const seven = 7\n')
  const { status, stderr } = await cli('run', none)
  expect(status).toBe(2)
  expect(stderr).toContain(
    `task: expected a task or a family of them among the exports of ${none}, found seven`,
  )
})

test('an option that every task has is refused in a task', () => {
  const { dimension } = linearRegression.options
  expect(() => runCommand({ ...linearRegression, options: { seeds: dimension } })).toThrow(
    "linear-regression: options: 'seeds' is one that every task has; choose another name",
  )
})

// What is told of runs that are there: their list, one of them, several side by side.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder = ''
const at = (name: string): string => join(folder, name)
const cli = (...words: readonly string[]) => recordedCli(words)
const small = '--dimension 8 --steps 6 --seeds 3 --casts 2 --workers 1 --methods ptq,lotion'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-runs-'))
  for (const [name, lr] of [
    ['first', '1'],
    ['second', '1.5'],
  ] as const) {
    const line = `run linear-regression ${small} --lr ${lr} --out`
    const { status, stderr } = await cli(...line.split(' '), at(name))
    if (status !== 0) throw new Error(stderr)
  }
  // One that was killed within its second method, in the middle of a line.
  await mkdir(at('third'))
  const run = JSON.parse(await readFile(join(at('first'), 'run.json'), 'utf8')) as object
  await writeFile(join(at('third'), 'run.json'), JSON.stringify({ ...run, finishedAt: undefined }))
  const lines = (await readFile(join(at('first'), 'metrics.jsonl'), 'utf8')).split('\n')
  const results = lines.findIndex((line) => line.includes('"comparison"'))
  await writeFile(
    join(at('third'), 'metrics.jsonl'),
    `${lines.slice(0, results + 4).join('\n')}\n{"type":"ev`,
  )
  await mkdir(at('notes'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a list has every run with its state and its best method, and nothing that is no run', async () => {
  const { status, stdout } = await cli('runs', '--in', folder)
  expect(status).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines.map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
    ['run', 'state'],
    ['first', 'finished'],
    ['third', 'interrupted'],
    ['second', 'finished'],
  ])
  const json = (await cli('runs', '--in', folder, '--json')).stdout.trimEnd().split('\n')
  const [first] = json.map((line) => JSON.parse(line) as { readonly best: { readonly method: string } })
  expect(lines[1]).toContain(` ${first!.best.method} `)
  expect(await cli('runs', '--in', at('none'))).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /none: expected a folder with runs, found none; lotion quickstart makes/,
    ) as string,
  })
})

test('a run is shown with its command and table; an interrupted one with how far it is and how to go on', async () => {
  const finished = await cli('show', at('first'))
  expect(finished.stdout).toMatch(/first: finished\n {2}lotion run linear-regression .* --lr 1 --out/)
  const alone = await cli(...`run linear-regression ${small} --lr 1`.split(' '))
  expect(finished.stdout).toContain(alone.stdout)
  const { stdout } = await cli('show', at('third'))
  expect(stdout).toMatch(/third: interrupted\n/)
  expect(stdout).toMatch(
    / 3 of 6 runs done\n {2}last evaluation: lotion, seed 0, step 1 of 6: [\d.]+ after the cast/,
  )
  expect(stdout).toMatch(/^ptq /m)
  expect(stdout).not.toMatch(/^lotion /m)
  expect(stdout).toMatch(/to go on: lotion resume .*third\n$/)
  expect(await cli('show', at('notes'))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('expected the folder of a run, found no run.json in it') as string,
  })
})

test('runs are compared seed by seed with the first method, and what differs between them is told', async () => {
  const { stdout } = await cli('compare', at('first'), at('second'))
  const json = (await cli('compare', at('first'), at('second'), '--json')).stdout.trimEnd().split('\n')
  const rows = json.map(
    (line) =>
      JSON.parse(line) as {
        readonly name: string
        readonly losses: Readonly<Record<string, number>>
        readonly difference?: { readonly mean: number; readonly better: number; readonly equal: number }
      },
  )
  expect(rows.map(({ name }) => name)).toEqual([
    'first: ptq',
    'first: lotion',
    'second: ptq',
    'second: lotion',
  ])
  const [base, ...others] = rows
  for (const { losses, difference } of others) {
    const differences = [0, 1, 2].map((seed) => losses[seed]! - base!.losses[seed]!)
    expect(difference!.mean).toBeCloseTo(differences.reduce((sum, each) => sum + each, 0) / 3, 12)
    expect(difference!.better).toBe(differences.filter((each) => each < 0).length)
    expect(difference!.equal).toBe(differences.filter((each) => each === 0).length)
  }
  expect(stdout).toMatch(/^method +seeds +mean +less first: ptq +95 % interval +lower\/same\/higher$/m)
  expect(stdout).toMatch(/what differs between the runs\n {2}learningRate: 1 \| 1\.5\n$/)
  // Within one run: its methods.
  expect((await cli('compare', at('third'), '--loss', 'full')).stdout).toMatch(/^ptq +3 /m)
})

test('losses of two tasks are not compared', async () => {
  const line = 'run two-layer --dimension 4 --steps 2 --seeds 1 --casts 1 --workers 1 --methods ptq --out'
  expect(await cli(...line.split(' '), at('other'))).toMatchObject({ status: 0 })
  const { status, stderr } = await cli('compare', at('first'), at('other'))
  expect(status).toBe(2)
  expect(stderr).toMatch(
    /runs: expected runs whose losses can be compared, found another task \(first: linear-regression, other: two-layer\), another dimension \(first: 8, other: 4\); compare/,
  )
  await rm(at('other'), { recursive: true })
})

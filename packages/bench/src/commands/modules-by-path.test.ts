// Every kind of plug-in by path in one comparison: what its records say ran, and how --lambda meets it.

import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ComparisonRecord, ModuleRecord, RunRecord } from '../records.js'
import { linearRegression } from '../tasks/linear-regression.js'
import { valuesOf } from '../tasks/task.js'
import { planOf } from '../runs/comparison-plan.js'
import { jobRunner } from '../runs/run-job.js'

let folder = ''
let path = ''
let sha256 = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-modules-'))
  path = join(folder, 'mine.ts')
  const text = `import { defineFamily } from '@lotion/core'
import { empirical } from '@lotion/fisher'
import { defineFormat, int4 } from '@lotion/formats'
import { dithered } from '@lotion/noise'
export { cageFamily as cage } from '@lotion/optim'
import { defineMethod, lotion, ptq, rat, sgd, smoothing } from '@lotion/optim'
export const format = defineFormat({ name: 'own-grid', grid: int4.grid })
export const fisher = { ...empirical(), name: 'own-fisher' }
export const noise = defineFamily({ name: 'own-noise', numbers: { width: { default: 0.5 } }, make: ({ width }) => dithered(width) })
export const optimizer = defineFamily({ name: 'own-sgd', make: (_, { learningRate }) => sgd({ learningRate }) })
export const pull = defineFamily({ name: 'pull', numbers: { strength: { default: 1, tries: [1, 2] } },
  make: ({ strength }, { format, noise, fisher }) => lotion({ format, noise, fisher, lambda: strength }) })
// Says nothing of the noise that it uses.
export const silent = defineFamily({ name: 'silent', numbers: { lambda: { default: 1, max: 3 } },
  make: ({ lambda }, { format, noise, fisher }) =>
    defineMethod({ name: 'silent', format, penalty: smoothing({ format, noise, fisher, lambda, scaleGradient: true }) }) })
export const plain = defineFamily({ name: 'plain', make: (_, { format }) => ptq({ format }) })
export const fixed = defineFamily({ name: 'fixed', make: (_, { format }) => lotion({ format, noise: dithered(0.1), lambda: 3 }) })
`
  await writeFile(path, text)
  sha256 = createHash('sha256').update(text).digest('hex')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const cli = (methods: string, ...words: readonly string[]) =>
  recordedCli([
    'run',
    'linear-regression',
    '--dimension',
    '8',
    '--steps',
    '3',
    '--seeds',
    '1',
    '--casts',
    '2',
    '--workers',
    '1',
    '--methods',
    methods,
    ...words,
  ])

test('records say which plug-ins each method used, by name and fingerprint, whatever the method is called', async () => {
  const out = join(folder, 'run')
  const by = (exported: string): string => `${path}#${exported}`
  const methods = ['ptq', 'rat', by('silent'), by('fixed'), `${by('pull')}:0.3`]
  const parts = {
    format: by('format'),
    fisher: by('fisher'),
    noise: `${by('noise')}:0.25`,
    optimizer: by('optimizer'),
  }
  const options = Object.entries(parts).flatMap(([name, word]) => [`--${name}`, word])
  const { status, stdout, stderr } = await cli(methods.join(), ...options, '--json', '--out', out)
  expect([status, stderr]).toEqual([0, expect.stringContaining(parts.optimizer)])
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ComparisonRecord)
  const names = (modules: readonly ModuleRecord[]) => modules.map(({ kind, name }) => `${kind} ${name}`)
  const shared = ['format own-grid', 'optimizer sgd']
  expect(records.map(({ modules }) => names(modules))).toEqual([
    shared,
    [...shared, 'noise dithered(0.25)'],
    [...shared, 'method silent', 'noise dithered(0.25)', 'fisher own-fisher'],
    [...shared, 'method lotion'],
    [...shared, 'method lotion', 'noise dithered(0.25)', 'fisher own-fisher'],
  ])
  expect(records.map(({ config: { noise, fisher, optimizer } }) => [noise, fisher, optimizer])).toEqual([
    [undefined, undefined, parts.optimizer],
    [parts.noise, undefined, parts.optimizer],
    [parts.noise, parts.fisher, parts.optimizer],
    // The method's own, which the options do not reach.
    ['dithered(0.1)', 'empirical', parts.optimizer],
    [parts.noise, parts.fisher, parts.optimizer],
  ])
  expect(records.map(({ numbers }) => numbers)).toEqual([{}, {}, { lambda: 1 }, {}, { strength: 0.3 }])
  const run = JSON.parse((await readFile(join(out, 'metrics.jsonl'), 'utf8')).split('\n')[0]!) as RunRecord
  expect(run.modules).toContainEqual({ kind: 'noise', word: parts.noise, name: 'dithered(0.25)', sha256 })
  expect(new Set(run.modules.map((module) => module.sha256))).toEqual(new Set([sha256]))
  expect(run.modules).toHaveLength(7)
  const report = await readFile(join(out, 'report.html'), 'utf8')
  for (const text of [
    `noise ${parts.noise}`,
    `own-fisher, sha256 ${sha256}`,
    `Optimizer: ${parts.optimizer}, sgd.`,
  ])
    expect(report).toContain(text.replaceAll("'", '&#39;'))
})

test('--lambda is taken, or refused by the name of the method', async () => {
  const taken = await cli(`ptq,${path}#plain,lotion,${path}#silent,${path}#pull:2`, '--lambda', '2', '--json')
  expect(taken).toMatchObject({ status: 0, stderr: '' })
  const lambdas = taken.stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as ComparisonRecord).numbers)
  expect(lambdas).toEqual([{}, {}, { lambda: 2 }, { lambda: 2 }, { strength: 2 }])
  for (const [methods, message] of [
    [
      `lotion,${path}#pull`,
      `lambda: expected methods with the number lambda, found ${path}#pull with strength and a term`,
    ],
    [
      `lotion,${path}#fixed`,
      `lambda: expected methods with the number lambda, found ${path}#fixed with no numbers and a term`,
    ],
    [
      `ptq,${path}#plain`,
      `lambda: expected a method that takes it and has none behind its name, found 4 for ptq, ${path}#plain`,
    ],
    [
      'lotion:0.3',
      'lambda: expected a method that takes it and has none behind its name, found 4 for lotion:0.3',
    ],
    [`${path}#silent`, "silent: the lambda: expected a number up to 3, found '4'"],
  ] as const) {
    const { status, stderr } = await cli(methods, '--lambda', '4')
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)])
  }
  // CAGE from a module is CAGE.
  const cage = await cli(`${path}#cage`, '--cage-lambda', '4', '--json')
  expect([cage.status, cage.stderr]).toEqual([0, ''])
  expect(JSON.parse(cage.stdout)).toMatchObject({ numbers: { lambda: 4 } })
  const { status, stderr } = await cli('lotion', '--cage-lambda', '4')
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining('cage-lambda: expected a method that takes it'),
  ])
})

test.each([
  ['rat,cage', ['--fisher', 'empirical'], 'fisher'],
  ['ptq,cage', ['--noise', 'dithered'], 'noise'],
  ['ptq,rat', ['--no-scale-gradient'], 'no-scale-gradient'],
])('of %s %j is refused: nothing would be made from it', async (methods, words, option) => {
  const { status, stderr } = await cli(methods, ...words)
  const message = `${option}: expected a method that takes it, found ${methods.replace(',', ', ')}; leave it out`
  expect([status, stderr]).toEqual([2, expect.stringContaining(message)])
})

test('a job whose module is another than was recorded is refused', async () => {
  const comparison = {
    task: { word: 'linear-regression', options: valuesOf(linearRegression, { dimension: 8 }) },
    methods: [`${path}#plain`],
    format: 'int4',
    block: 'tensor',
    steps: 1,
    seeds: 1,
    firstSeed: 0,
    casts: 1,
    evaluations: 0,
    keep: false,
    fisher: 'exact',
    noise: 'randomized-rounding',
    scaleGradient: true,
    tune: false,
  }
  const { modules } = (await planOf(comparison)).methods[0]!
  expect(modules).toEqual([{ kind: 'method', word: `${path}#plain`, name: 'ptq', sha256 }])
  const job = {
    ...comparison,
    method: `${path}#plain`,
    numbers: {},
    learningRate: 1,
    seed: 0,
    nonFinite: 'refuse',
    modules: [{ ...modules[0]!, sha256: 'other' }],
  } as const
  await expect(jobRunner(() => undefined).run(job)).rejects.toThrow(
    `method: expected ${path}#plain as it was when the comparison began, sha256 other, found ${sha256}; begin again`,
  )
})

// Configs of `lotion train`: the same run as by words, whoever wrote them; and each mistake by its place.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunRecord } from '../records.js'
import { defineTrainConfig } from './train-config.js'

const here = process.cwd()
let folder = ''
const VERSES = Array.from(
  { length: 40 },
  (_, i) => `Verse ${i}. What has fallen falls again, and rain with it.\n`,
)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-config-'))
  process.chdir(folder)
  await writeFile('rhyme.txt', VERSES.join(''))
  await writeFile('rhymes.jsonl', VERSES.map((body) => `${JSON.stringify({ body })}\n`).join(''))
})
afterAll(async () => {
  process.chdir(here)
  await rm(folder, { recursive: true, force: true })
})

const cli = (...words: string[]) => recordedCli(['train', ...words])

/** What a seed determines: metrics without times and the words that were typed, and the weights. */
async function bitsOf(run: string): Promise<readonly [string, string]> {
  const lines = (await readFile(join(run, 'metrics.jsonl'), 'utf8')).trim().split('\n')
  const records = lines.map((line) => {
    const { timing: _, command: __, ...rest } = JSON.parse(line) as RunRecord
    return JSON.stringify(rest)
  })
  return [records.join('\n'), (await readFile(join(run, 'model.safetensors'))).toString('base64')]
}

const flags =
  '--data rhymes.jsonl:field=body,weight=2,rhyme.txt:weight=1 --model nano --format q4_0 --methods ptq,lotion:0.5 --steps 6 --batch 2 --context 16 --casts 2 --lr 0.003 --no-scale-gradient --checkpoint-every 90s'.split(
    ' ',
  )
const config = {
  data: [
    { path: 'rhymes.jsonl', field: 'body', weight: 2 },
    { path: 'rhyme.txt', weight: 1 },
  ],
  model: 'nano',
  format: 'q4_0',
  methods: ['ptq', 'lotion:0.5'],
  steps: 6,
  batch: 2,
  context: 16,
  casts: 2,
  lr: 0.003,
  scaleGradient: false,
  checkpointEvery: '90s',
}

test('a config that was printed gives the same run as the words it was printed from, with what is typed before it', async () => {
  const printed = await cli(...flags, '--print-config')
  expect(printed).toMatchObject({ status: 0, stderr: '' })
  expect(printed.stdout).toContain('\nmethods: [ptq, lotion:0.5]\n')
  expect(printed.stdout).toContain('# lambda:')
  await writeFile('printed.yaml', printed.stdout)
  await writeFile('by-hand.json', JSON.stringify(config))
  await writeFile('typed.ts', `export default ${JSON.stringify(config)}\n`)
  expect((await cli('printed.yaml', '--print-config')).stdout).toBe(printed.stdout)
  expect((await cli('by-hand.json', '--print-config')).stdout).toBe(printed.stdout)
  expect((await cli('typed.ts', '--print-config')).stdout).toBe(printed.stdout)
  expect(await cli(...flags, '--out', 'by-flags')).toMatchObject({ status: 0 })
  expect(await cli('printed.yaml', '--out', 'by-config')).toMatchObject({ status: 0 })
  expect(await bitsOf('by-config')).toEqual(await bitsOf('by-flags'))
  expect((await cli('printed.yaml', '--steps', '9', '--print-config')).stdout).toBe(
    printed.stdout.replace('\nsteps: 6\n', '\nsteps: 9\n'),
  )
})

test('a run of a config that was stopped goes on from its folder alone', async () => {
  await writeFile(
    'long.yaml',
    'data: [rhyme.txt]\nmodel: nano\nformat: q4_0\nsteps: 60\nbatch: 2\ncontext: 16\ncasts: 1\n',
  )
  expect(await cli('long.yaml', '--out', 'whole')).toMatchObject({ status: 0 })
  const stop = new AbortController()
  const running = recordedCli(['train', 'long.yaml', '--out', 'stopped'], stop.signal)
  while (!(await readFile(join('stopped', 'metrics.jsonl'), 'utf8').catch(() => '')).includes('"step":6,'))
    await new Promise((resolve) => setTimeout(resolve, 5))
  stop.abort(new Error('stopped'))
  await running
  await rm('long.yaml')
  expect(await recordedCli(['resume', 'stopped'])).toMatchObject({ status: 0 })
  expect(await bitsOf('stopped')).toEqual(await bitsOf('whole'))
})

test.each([
  ['data: [7]', 'data[0]: expected a path, found 7'],
  ['data: [rhyme.txt, {path: a.txt, wieght: 2}]', "data[1]: wieght: unknown key; did you mean 'weight'?"],
  ['data: {path: a.jsonl, weight: -1}', 'data: weight: expected a number above 0, found -1'],
  ['data: []', 'data: expected at least one path, found none'],
  ['step: 5', "step: unknown key; did you mean 'steps'?"],
  ['weight-decay: 5', "weight-decay: unknown key; did you mean 'weightDecay'?"],
  ['dryRun: true', 'dryRun: unknown key'],
  ['steps: many', "steps: expected a whole number from 1 up to 1000000000, found 'many'"],
  ['steps: [1]', 'steps: expected a number, found [1]'],
  ['tune: yes', 'tune: expected true or false, found "yes"'],
  ['methods: [ptq, {}]', 'methods[1]: expected a word, found {}'],
  ['methods: [ptq, ptq]', 'methods: expected each method once'],
  ['block: {}', 'block: expected a word or a number, found {}'],
  ['steps: 5\nsteps: 6', 'line 2, column 1: expected YAML: Map keys must be unique'],
  ['data: a: b', 'line 1, column 7: expected YAML: Nested mappings'],
  ['- steps', 'expected keys with values, found ["steps"]'],
])('refuses %j by its place', async (text, message) => {
  await writeFile('bad.yaml', text)
  const { status, stdout, stderr } = await cli('bad.yaml')
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain(`error: bad.yaml: ${message}`)
  expect(stderr.split('\n')).toHaveLength(3)
})

test('a module’s config is refused by name where it is made', () => {
  expect(defineTrainConfig({ data: ['notes'], weightDecay: 0 })).toEqual({ data: ['notes'], weightDecay: 0 })
  const misspelt: object = { step: 5 }
  expect(() => defineTrainConfig(misspelt)).toThrow(/^train config: unknown option 'step'.*steps/)
})

test('refuses files that hold no config', async () => {
  await writeFile('none.ts', 'export const steps = 3\n')
  await writeFile('latin.yaml', Buffer.from('data: caf\xe9.txt', 'latin1'))
  await mkdir('folder.yaml')
  const errors = [
    ['none.ts', 'none.ts: expected a default export, found steps'],
    ['latin.yaml', 'latin.yaml: expected text in UTF-8, found other bytes'],
    ['missing.yaml', "config: expected a file, found nothing at 'missing.yaml'"],
    ['folder.yaml', "config: expected a file, found a folder at 'folder.yaml'"],
    [
      'rhyme.txt',
      "config: expected a file that ends in .yaml, .yml, .json, .ts, .mts, .js, .mjs, found 'rhyme.txt'",
    ],
  ] as const
  for (const [path, message] of errors) {
    const { status, stderr } = await cli(path)
    expect([status, stderr]).toEqual([2, expect.stringContaining(`error: ${message}`)])
  }
})

test('the schema has every key of a printed config, and its defaults; every task takes a config', async () => {
  const { stdout } = await cli('--print-schema')
  const schema = JSON.parse(stdout) as { properties: Record<string, Record<string, unknown>> }
  const printed = (await cli('--print-config')).stdout
  const keys = [...printed.matchAll(/^# (\w+):$|^(\w+):/gm)].map(([, left, key]) => left ?? key)
  expect(Object.keys(schema.properties)).toEqual(keys)
  expect(schema.properties).toMatchObject({
    data: { type: 'array', default: ['speeches'] },
    steps: { type: 'integer', minimum: 1, default: 1000 },
    lr: { type: 'number', exclusiveMinimum: 0 },
    methods: { type: 'array' },
    format: { type: 'string', default: 'int4' },
    tune: { type: 'boolean' },
    checkpointEvery: { type: 'string', default: '5m' },
  })
  // A checkpoint has another default.
  expect(schema.properties['methods']).not.toHaveProperty('default')
  await writeFile(
    'task.yaml',
    'dimension: 8\nsteps: 20\nseeds: 2\nmethods: [ptq]\nformat: int8\nworkers: 1\n',
  )
  const task = await recordedCli(['run', 'linear-regression', 'task.yaml', '--json'])
  expect(task).toMatchObject({ status: 0, stderr: expect.not.stringContaining('error') as string })
  expect(JSON.parse(task.stdout)).toMatchObject({ method: 'ptq', format: 'int8', seeds: 2 })
})

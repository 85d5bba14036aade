// Files of runs that were changed by hand, by a disk, by another program: what is wrong is named by file and
// line, and the rest is shown.

import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder = ''
const at = (...names: readonly string[]): string => join(folder, ...names)
const cli = (...words: readonly string[]) => recordedCli(words)
const small =
  'run linear-regression --dimension 8 --steps 6 --seeds 3 --casts 2 --workers 1 --methods ptq,lotion --out'
/** What the run left, before anything was changed. */
let lines: readonly string[] = []
let runFile = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-damaged-'))
  const { status, stderr } = await cli(...small.split(' '), at('run'))
  if (status !== 0) throw new Error(stderr)
  lines = (await readFile(at('run', 'metrics.jsonl'), 'utf8')).split('\n').slice(0, -1)
  runFile = await readFile(at('run', 'run.json'), 'utf8')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Put a line in the place of another, for the time of a look. */
async function changed<T>(line: number, text: string, look: () => Promise<T>): Promise<T> {
  const now = lines.map((own, i) => (i === line ? text : own))
  await writeFile(at('run', 'metrics.jsonl'), now.map((own) => `${own}\n`).join(''))
  try {
    return await look()
  } finally {
    await writeFile(at('run', 'metrics.jsonl'), lines.map((own) => `${own}\n`).join(''))
  }
}

const lineOf = (type: string): number => lines.findIndex((line) => line.startsWith(`{"type":"${type}"`))
const edited = (type: string, edit: (record: Record<string, never>) => object): string =>
  JSON.stringify({ ...JSON.parse(lines[lineOf(type)]!), ...edit(JSON.parse(lines[lineOf(type)]!)) })

test.each<[string, string, () => string, RegExp]>([
  ['other text', 'evaluation', () => 'rubbish', /: expected a record in JSON, found other text;/],
  ['a number', 'evaluation', () => '7', /: expected a record of type run, .*comparison, found 7;/],
  ['null', 'evaluation', () => 'null', /: expected a record of type .*, found null;/],
  ['another type', 'evaluation', () => '{"type":"trial"}', /: expected a record of type .*, found "trial";/],
  [
    'a text for a loss',
    'evaluation',
    () => edited('evaluation', () => ({ nearest: 'low' })),
    /: nearest: expected a number, or null for one that is not finite, found "low";/,
  ],
  [
    'no step',
    'evaluation',
    () => edited('evaluation', () => ({ step: undefined })),
    /: step: expected a whole number from 0 on, found nothing;/,
  ],
  [
    'no time',
    'evaluation',
    () => edited('evaluation', () => ({ timing: { at: 'noon', trainingSeconds: 1 } })),
    /: timing\.at: expected a time of ISO 8601, found "noon";/,
  ],
  [
    'a method of another run',
    'evaluation',
    () => edited('evaluation', () => ({ method: 'cage' })),
    /: method: expected one of the run, ptq, lotion, found "cage";/,
  ],
  [
    'a seed of another run',
    'result',
    () => edited('result', () => ({ seed: 3 })),
    /: seed: expected one of the run, from 0 to 2, found 3;/,
  ],
  [
    'half of the weights',
    'weights',
    () => edited('weights', () => ({ grid: { from: 0, width: 1, format: 'int4' } })),
    /: grid\.counts: expected a list, found nothing;/,
  ],
  [
    'a seed’s loss too few',
    'comparison',
    () => edited('comparison', () => ({ nearest: { mean: 1, std: 0, values: [1, 1] } })),
    /: nearest\.values: expected a loss a seed, 3, found 2;/,
  ],
  [
    'no first seed',
    'comparison',
    () => edited('comparison', () => ({ config: { steps: 6, casts: 2, learningRate: 1 } })),
    /: config\.firstSeed: expected a whole number from 0 on, found nothing;/,
  ],
])('%s in a line of metrics is told with its place, and the rest shown', async (_, type, text, message) => {
  const line = lineOf(type)
  const where = new RegExp(`metrics\\.jsonl: line ${line + 1}`)
  await changed(line, text(), async () => {
    for (const words of [['show'], ['compare'], ['metrics'], ['report', '--out', at('page.html')]]) {
      const { status, stdout, stderr } = await cli(words[0]!, at('run'), ...words.slice(1))
      expect([words[0], status]).toEqual([words[0], 0])
      expect(stderr).toMatch(where)
      expect(stderr).toMatch(message)
      expect(stdout).not.toMatch(/NaN|undefined|null/)
    }
    const listed = await cli('runs', '--in', folder)
    expect(listed.stderr).toMatch(message)
    expect(listed.stdout).toMatch(/^run +finished/m)
    expect(await readFile(at('page.html'), 'utf8')).not.toMatch(/>(NaN|undefined|null)</)
  })
})

test('many such lines are counted', async () => {
  await writeFile(at('run', 'metrics.jsonl'), [...lines, ...new Array<string>(12).fill('{}'), ''].join('\n'))
  const { stderr } = await cli('show', at('run'))
  await writeFile(at('run', 'metrics.jsonl'), [...lines, ''].join('\n'))
  expect(stderr.match(/line \d+: expected a record/g)).toHaveLength(5)
  expect(stderr).toContain('warning: 7 more lines are left out')
})

test.each<[string, (run: Record<string, Record<string, unknown>>) => object, RegExp]>([
  [
    'methods',
    ({ comparison }) => ({ comparison: { ...comparison, methods: 'ptq' } }),
    /comparison\.methods: expected a list, found "ptq"/,
  ],
  [
    'casts',
    ({ comparison }) => ({ comparison: { ...comparison, casts: undefined } }),
    /comparison\.casts: expected a number, found nothing/,
  ],
  [
    'modules',
    ({ record }) => ({ record: { ...record, modules: {} } }),
    /record\.modules: expected a list, found \{\}/,
  ],
  ['the folder', () => ({ workingFolder: null }), /workingFolder: expected a text, found null/],
  ['the version', () => ({ version: 2 }), /version: expected 1, found 2/],
])('run.json without %s is refused by name, also by whoever goes on', async (_, edit, message) => {
  await mkdir(at('broken'), { recursive: true })
  const run = JSON.parse(runFile) as Record<string, Record<string, unknown>>
  await writeFile(at('broken', 'run.json'), JSON.stringify({ ...run, finishedAt: undefined, ...edit(run) }))
  for (const command of ['show', 'resume', 'compare', 'metrics', 'report']) {
    const { status, stderr } = await cli(command, at('broken'))
    expect([command, status]).toEqual([command, 1])
    expect(stderr).toMatch(message)
    expect(stderr).toContain(`${join('broken', 'run.json')}: `)
  }
  const listed = await cli('runs', '--in', folder)
  expect(listed).toMatchObject({ status: 0, stdout: expect.stringMatching(/^run +finished/m) as string })
  expect(listed.stderr).toMatch(message)
  await rm(at('broken'), { recursive: true })
})

test('what a finished run left is refused by its file where it was changed; without the file it is done again', async () => {
  await writeFile(
    at('run', 'run.json'),
    JSON.stringify({ ...(JSON.parse(runFile) as object), finishedAt: undefined }),
  )
  const [name] = (await readdir(at('run', 'finished'))).sort()
  const path = at('run', 'finished', name!)
  const text = await readFile(path, 'utf8')
  for (const [now, message] of [
    [text.slice(0, -9), 'expected what a finished run left, found no JSON; remove it: the run is done again'],
    ['{}', 'expected a list of records, found nothing; remove it'],
    [
      text.replace('"step":1,', '"step":"one",'),
      'record 3: step: expected a whole number from 0 on, found "one"',
    ],
  ] as const) {
    await writeFile(path, now)
    expect(await cli('resume', at('run'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`${name}: ${message}`) as string,
    })
  }
  await rm(path)
  expect(await cli('resume', at('run'))).toMatchObject({ status: 0 })
  expect((await readFile(at('run', 'metrics.jsonl'), 'utf8')).split('\n')).toHaveLength(lines.length + 1)
})

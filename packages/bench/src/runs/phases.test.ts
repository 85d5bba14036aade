// Methods in phases: a comparison trains what they have in common once, and each is the run that it is alone.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lotion-phases-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const small =
  'run linear-regression --dimension 8 --steps 40 --seeds 2 --casts 2 --batch 4 --fisher empirical --keep-best'
const cli = (methods: string, name: string, ...more: readonly string[]) =>
  recordedCli([...small.split(' '), '--methods', methods, '--out', at(name), ...more])

/** Evaluations and results of a method, but for times. */
async function linesOf(name: string, method: string): Promise<readonly unknown[]> {
  const lines = (await readFile(join(at(name), 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')
  const records = lines.map((line) => JSON.parse(line) as { readonly type: string; readonly method?: string })
  return records
    .filter((record) => record.method === method && record.type !== 'comparison')
    .map((record) => ({ ...record, timing: undefined }))
}

const weightsOf = async (name: string, method: string): Promise<readonly string[]> => {
  const files = await readdir(join(at(name), 'weights'))
  const own = files.filter((file) => file.startsWith(`${method.replaceAll(/[^\w.-]+/g, '-')}-seed`)).sort()
  return Promise.all(own.map((file) => readFile(join(at(name), 'weights', file), 'base64')))
}

test('what methods have in common is trained once; each is the same run as alone, its name in all its records', async () => {
  const words = ['lotion', 'lotion+qat@0.5', 'lotion+qat@0.5+rat@0.75']
  expect(await cli(words.join(','), 'all', '--workers', '1')).toMatchObject({ status: 0 })
  for (const [n, word] of words.entries()) {
    expect(await cli(word, `alone-${n}`, '--workers', '1')).toMatchObject({ status: 0 })
    const lines = await linesOf(`alone-${n}`, word)
    expect(lines.length).toBeGreaterThan(10)
    expect(await linesOf('all', word)).toEqual(lines)
    expect(await weightsOf('all', word)).toEqual(await weightsOf(`alone-${n}`, word))
    expect((await weightsOf('all', word)).length).toBe(2 * 2 + 1)
  }
  // The phases do differ once they part.
  expect(await weightsOf('all', words[0]!)).not.toEqual(await weightsOf('all', words[1]!))
  // Nothing that was shared is left.
  expect(await readdir(at('all'))).not.toContain('checkpoints')
})

test('the second method begins where the first was when they part', async () => {
  // The first is stopped in its last step by what it does then; the shared place is there and used.
  const stop = new AbortController()
  const watching = recordedCli(
    [
      ...small.split(' '),
      '--methods',
      'lotion,lotion+qat@0.5',
      '--out',
      at('stopped'),
      '--workers',
      '1',
      '--steps',
      '20000',
    ],
    stop.signal,
  )
  const shared = async (): Promise<readonly string[]> =>
    (await readdir(join(at('stopped'), 'checkpoints')).catch((): string[] => [])).filter((name) =>
      name.startsWith('shared-'),
    )
  while ((await shared()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  stop.abort(new Error('stopped'))
  expect(await watching).toMatchObject({ status: 130 })
  expect(
    (await shared()).every((name) =>
      /^shared-lotion-seed[01]-[0-9a-f]{8}-step-10000\.safetensors$/.test(name),
    ),
  ).toBe(true)
})

test.each([
  ['lotion+qat', [], /methods: expected a share behind each method but the first, found 'lotion\+qat'/],
  ['lotion+qat@1.5', [], /methods: expected shares of the run that ascend between 0 and 1, found 'qat@1\.5'/],
  ['lotion+qats@0.5', [], /methods: expected one of .* found 'qats'/],
  [
    'lotion+cage@0.5',
    ['--lambda', '2'],
    /lambda: expected the number behind the name of each later phase .* write cage:2@0\.5/,
  ],
])('refuses %s', async (methods, more, message) => {
  const { status, stderr } = await cli(methods, 'refused', ...more)
  expect(status).toBe(2)
  expect(stderr).toMatch(message)
})

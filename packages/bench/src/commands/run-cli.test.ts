import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { amount } from '@lotion/test-kit'
import { afterEach, expect, test, vi } from 'vitest'
import { builtInFormats } from '@lotion/formats'
import { builtInMethods } from '@lotion/optim'
import { commandsFor, recordedCli, type CliOutcome } from '@lotion/cli/internal'
import { builtInTasks } from '../tasks/built-in-tasks.js'

afterEach(() => vi.unstubAllEnvs())

const cli = (line: string, signal?: AbortSignal): Promise<CliOutcome> =>
  recordedCli(line.split(' ').filter(Boolean), signal)

const commands = await commandsFor([])
const taskNames = builtInTasks.map(({ name }) => name).join(', ')

const small = '--dimension 8 --steps 5 --seeds 2 --casts 2 --workers 1'

test.each([
  [
    'run linear-regression --format int5',
    `format: expected one of ${builtInFormats.map(({ name }) => name).join(', ')}, or the path of a module such as ./mine.ts, found 'int5'`,
  ],
  [
    'run linear-regression --block rows',
    "block: expected a positive whole number, 'row' or 'tensor', found 'rows'; did you mean 'row'?",
  ],
  [
    'run linear-regression --methods qat,sgd',
    `methods: expected one of ${builtInMethods.map(({ name }) => name).join(', ')}, or the path of a module such as ./mine.ts, found 'sgd'`,
  ],
  [
    'run linear-regression --batch 65536 --dimension 65536 --hessian diagonal',
    'batch: expected at most 8191 samples of 65536 inputs, found 65536; lower one of the two',
  ],
  ['run linear-regression --seeds 0', "seeds: expected a whole number from 1 up to 1000000, found '0'"],
  [
    'run linear-regression --seed -1',
    "seed: expected a whole number from 0 up to 4503599627370496, found '-1'",
  ],
  [
    'run linear-regression --batch half',
    "batch: expected 'full' or a whole number from 1 up to 65536, found 'half'",
  ],
  [
    'run linear-regression --label-noise 1',
    'label-noise: the exact gradient has no label noise, found 1; add --batch <samples>',
  ],
  ['run linear-regression --tune --lr 1', 'lr: --tune chooses it, found 1; leave out one of the two'],
  [
    'run linear-regression --dimension 5000',
    'dimension: expected at most 4096 with a rotated Hessian, found 5000; use --hessian diagonal',
  ],
  ['run linear-regression --fromat int4', "unknown option '--fromat' (did you mean --format?)"],
  ['run linear-regression --format', "option '--format <name>' argument missing"],
  [
    'run linear-regression extra',
    "config: expected a file that ends in .yaml, .yml, .json, .ts, .mts, .js, .mjs, found 'extra'; options begin with two dashes",
  ],
])('%s', async (line, message) => {
  const { status, stdout, stderr } = await cli(line)
  expect(stderr).toBe(`error: ${message}\nsee: lotion run linear-regression --help\n`)
  expect(stdout).toBe('')
  expect(status).toBe(2)
})

test('a command is loaded alone by its words, all of them without', async () => {
  const words = commands.map(({ path }) => path.join(' '))
  for (const line of words) {
    const found = await commandsFor([...line.split(' '), '--help'])
    expect(found.map(({ path }) => path.join(' '))).toEqual([line])
  }
  for (const line of ['', 'bench', 'new', 'casting', '--help'])
    expect((await commandsFor(line.split(' '))).length).toBe(words.length)
})

test('unknown and missing commands', async () => {
  const unknown = await cli('teach')
  expect(unknown).toMatchObject({ status: 2, stdout: '' })
  expect(unknown.stderr).toBe(
    `error: command: expected one of ${[...new Set(commands.map(({ path }) => path[0]))].join(', ')}, found 'teach'\nsee: lotion --help\n`,
  )
  const nested = await cli('run everything')
  expect(nested.stderr).toBe(
    `error: command: expected one of ${taskNames}, found 'everything'\nsee: lotion run --help\n`,
  )
  const none = await cli('run')
  expect(none).toMatchObject({ status: 2, stdout: '' })
  expect(none.stderr).toContain(`error: command: expected one of ${taskNames}, found none\n`)
})

test.each([
  [
    'quickstart --seeds 100000',
    'seeds: expected a whole number from 1 up to 1000 with a folder for the run, found 100000',
  ],
  [
    'run two-layer --width 65536 --dimension 1048576 --hessian diagonal',
    'width: expected at most 64 hidden units of 1048576 inputs, found 65536; lower one of the two',
  ],
])('sizes that no machine has room for: %s', async (line, message) => {
  const { status, stderr } = await cli(line)
  expect(stderr).toContain(`error: ${message}\n`)
  expect(status).toBe(2)
})

test('help and version go to standard output, with status 0', async () => {
  const help = await cli('run two-layer --help')
  expect(help).toMatchObject({ status: 0, stderr: '' })
  for (const text of ['--width <k>', '--no-scale-gradient', 'Examples:\n  $ lotion run two-layer\n'])
    expect(help.stdout).toContain(text)
  expect(await cli('--version')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
  })
})

test('the engine benchmark says where PyTorch comes from, how large it is and how to choose another', async () => {
  const { stdout } = await cli('bench engine --help')
  for (const text of ['LOTION_PYTHON', '3 GB to fetch', join('lotion', 'torch')])
    expect(stdout).toContain(text)
})

test('every help has examples, that of a group too', async () => {
  const groups = new Set(commands.filter(({ path }) => path.length > 1).map(({ path }) => path[0]!))
  expect(groups.size).toBeGreaterThan(0)
  for (const words of ['', ...groups, ...commands.map(({ path }) => path.join(' '))]) {
    const { status, stdout } = await cli(`${words} --help`)
    expect(status).toBe(0)
    expect(stdout).toMatch(/\nExamples:\n {2}\$ lotion /)
  }
})

test('every command line in the help is one that its command takes', async () => {
  for (const command of commands) {
    for (const example of command.examples) {
      const words = example.split(' ')
      expect([words[0], ...words.slice(1, 1 + command.path.length)]).toEqual(['lotion', ...command.path])
      // --help after the options: they are read, not run.
      expect(await cli(`${words.slice(1).join(' ')} --help`)).toMatchObject({ status: 0, stderr: '' })
    }
  }
})

test('--json prints one whole line a method, in the order of the methods, and nothing else', async () => {
  const { status, stdout, stderr } = await cli(
    `run linear-regression ${small} --methods qat,lotion --seed 3 --json`,
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines.map(({ method }) => method)).toEqual(['qat', 'lotion'])
  const keys = [
    'task',
    'method',
    'format',
    'block',
    'bitsPerWeight',
    'seeds',
    'fullPrecision',
    'nearest',
    'randomized',
    'numbers',
    'config',
    'modules',
  ]
  for (const line of lines) {
    expect(Object.keys(line)).toEqual(keys)
    expect(line).toMatchObject({ task: 'linear-regression', format: 'int4', block: '32', seeds: 2 })
    for (const loss of ['fullPrecision', 'nearest', 'randomized']) {
      const { mean, std, values } = line[loss] as { mean: number; std: number; values: number[] }
      expect(values).toHaveLength(2)
      expect(mean).toBeCloseTo((values[0]! + values[1]!) / 2, 12)
      // Two values: the sample standard deviation is |a − b| / √2.
      expect(std).toBeCloseTo(Math.abs(values[0]! - values[1]!) / Math.SQRT2, 12)
    }
  }
})

test('options reach the run', async () => {
  const line = `run two-layer ${small} --width 3 --methods lotion --no-scale-gradient --fisher empirical --lambda 2 --lr 0.02 --block row --format int3 --json`
  const { stdout } = await cli(line)
  expect(JSON.parse(stdout)).toMatchObject({
    task: 'two-layer',
    format: 'int3',
    block: 'row',
    config: {
      width: 3,
      dimension: 8,
      steps: 5,
      learningRate: 0.02,
      lambda: 2,
      scaleGradient: false,
      fisher: 'empirical',
      casts: 2,
    },
  })
})

test('a table for people, plain where there is no terminal', async () => {
  const { stdout } = await cli(`run linear-regression ${small} --methods ptq,lotion`)
  const lines = stdout.split('\n')
  expect(lines[0]).toBe(
    'linear-regression: int4, block 32, 8.00 (w) bits a weight; 5 steps; 2 seeds (0 to 1)',
  )
  expect(lines[2]).toMatch(/^method +full precision +nearest +mean of 2 roundings +setting$/)
  expect(lines[3]).toMatch(/^ptq +[\d.]+ ± [\d.]+ +.* lr 1$/)
  expect(lines[4]).toMatch(/^lotion .* lr 1, λ 1$/)
  expect(stdout).not.toContain('\u001b')
})

test('an interruption ends the run with status 130', async () => {
  const stop = new AbortController()
  const running = cli('run linear-regression --steps 1000000000 --workers 1', stop.signal)
  setTimeout(() => stop.abort(new Error('stopped')), 20)
  expect(await running).toEqual({
    status: 130,
    stdout: '',
    stderr: 'stopped; nothing was left half-written\n',
  })
})

test('quickstart says before training that its folder cannot be written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lotion-cli-'))
  await writeFile(join(folder, 'taken'), '')
  const { status, stdout, stderr } = await cli(`quickstart --out ${join(folder, 'taken')}`)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toContain('there is a file of that name: choose another name (EEXIST)')
  expect(await readdir(folder)).toEqual(['taken'])
  await rm(folder, { recursive: true })
})

/**
 * Run the command as a process of its own, from source; `interrupt` sends it a signal with its first output.
 */
function lotion(args: string, interrupt?: NodeJS.Signals): Promise<CliOutcome> {
  const main = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))
  const child = spawn(process.execPath, [
    '--import',
    'tsx',
    '--conditions=@lotion/source',
    main,
    ...args.split(' '),
  ])
  const outcome = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (piece: Buffer) => (outcome[name] += piece.toString()))
  if (interrupt) child.stdout.once('data', () => child.kill(interrupt))
  return new Promise((resolve) =>
    child.on('close', (status) => resolve({ ...outcome, status: status ?? -1 })),
  )
}

test.runIf(amount(1, 2) === 2)('the results do not depend on the number of processes', async () => {
  const args = '--dimension 8 --steps 20 --seeds 3 --methods rat,lotion --json'
  const [one, two] = await Promise.all([
    cli(`run linear-regression ${args} --workers 1`),
    lotion(`run linear-regression ${args} --workers 2`),
  ])
  expect(two).toEqual(one)
})

const signals = [
  ['SIGINT', 130],
  ['SIGHUP', 129],
  ['SIGTERM', 143],
] as const
test.each(signals.slice(0, amount(1, 3)))(
  '%s stops the process and its workers with status %d and whole lines',
  async (signal, status) => {
    // The signal comes with the first method's line; four methods, as long each, are left to be stopped.
    const outcome = await lotion(
      'run linear-regression --dimension 64 --steps 2000 --seeds 4 --workers 2 --json',
      signal,
    )
    expect(outcome).toMatchObject({ status, stderr: 'stopped; nothing was left half-written\n' })
    expect(outcome.stdout.endsWith('}\n')).toBe(true)
    const methods = outcome.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { method: string }).method)
    expect(methods).toEqual(['ptq'])
  },
)

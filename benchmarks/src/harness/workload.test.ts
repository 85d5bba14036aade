import { FailedCheck, maybe, wholeNumber, type CliContext } from '@lotion/cli'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { commands } from '../commands.js'
import { torchOption } from './torch-competitor.js'
import { benchCommand, defineWorkload, threadsOption } from './workload.js'

const device = { cpu: 'Processor X', cores: 2, memoryGiB: 24, system: 'linux x64', node: '20.0.0' }

/** A speed test of nothing, which counts to the size it is given and shows it, twice if it is asked to. */
const counting = defineWorkload({
  name: 'counting',
  summary: 'count',
  options: {
    size: { flags: '--size <n>', description: 'how far', schema: wholeNumber({ min: 1 }), default: '20' },
    fail: { flags: '--fail <n>', description: 'a size that fails', schema: maybe(wholeNumber()) },
    threads: threadsOption('threads', { least: 2, most: 2 }),
  },
  examples: ['lotion bench counting'],
  measure: async ({ size, fail, threads }, { log, progress }, show) => {
    log('SKIPPED nobody: not here')
    for (let done = 1; done <= size; done++) progress('counting', done, size, 'numbers')
    for (const rows of [[{ size, threads }], []])
      show({
        title: 'count',
        device,
        rows,
        tables: [],
        shared: {},
        ...(size === fail ? { failed: 'no' } : {}),
      })
  },
})

/** Run the command; what it wrote. */
async function ran(raw: Readonly<Record<string, unknown>>) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const context = { stdout, stderr, signal: new AbortController().signal } as unknown as CliContext
  const error: unknown = await benchCommand(counting)
    .run(raw, context)
    .catch((reason: unknown) => reason)
  return { stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? ''), error }
}

it('runs what the record measures: results on standard output, who is missing and progress with time left beside', async () => {
  const { stdout, stderr, error } = await ran({ size: '20', json: true })
  expect(error).toBeUndefined()
  expect(JSON.parse(stdout)).toEqual({ size: 20, threads: 2, device })
  expect(stderr.split('\n')[0]).toBe('SKIPPED nobody: not here')
  expect(stderr).toMatch(/^counting +50 % +10\/20 numbers +\d\d:\d\d left$/m)
  expect(stderr).toMatch(/^counting +100 % +20\/20 numbers +\d\d:\d\d in all$/m)
  expect((await ran({ size: '1' })).stdout).toMatch(/^count\nProcessor X, 2 cores, .*\n\ncount\n/)
})

it('shows what was found before it says what does not hold', async () => {
  const { stdout, error } = await ran({ size: '3', fail: '3', json: true })
  expect(JSON.parse(stdout)).toMatchObject({ size: 3 })
  expect(error).toEqual(new FailedCheck('no'))
})

it('has --with-torch, and says where PyTorch comes from, exactly where PyTorch takes part', async () => {
  const loaded = await Promise.all(commands.map(({ load }) => load()))
  expect(loaded.map(({ path }) => path.join(' '))).toEqual(commands.map(({ path }) => path))
  const withTorch = loaded.filter(({ options }) => options['withTorch'] === torchOption)
  expect(withTorch.map(({ path }) => path[1])).toEqual(['engine', 'checkpoint', 'kernels', 'matmul'])
  for (const command of loaded)
    expect(command.notes?.includes('LOTION_PYTHON') ?? false).toBe(withTorch.includes(command))
})

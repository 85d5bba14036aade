// A run that cannot fit is refused before anything is made of it.

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { totalmem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordedCli } from '@lotion/cli/internal'
import { chain, adamw, clipByGlobalNorm, sgd } from '@lotion/optim'
import { expect, test } from 'vitest'
import type { Workload } from '../tasks/task.js'
import { refuseNoMemory, type MemoryOfRun } from './memory-of-run.js'

/** A run of 1000 weights, 600 of them trained: what it is refused with where a byte is missing. */
function messageOf(
  own: Partial<MemoryOfRun> & { readonly workload?: Partial<Workload> },
  bytes: number,
): string {
  const workload = {
    shapes: { a: [10, 60], b: [400] },
    trained: { a: [10, 60] },
    optimizer: () => adamw({ learningRate: 1 }),
    ...own.workload,
  } as Partial<Workload> as Workload
  const run = {
    plan: { workload, task: { learningRate: 1 } },
    comparison: {},
    processes: 1,
    ...own,
  } as MemoryOfRun
  const memory = (limit: number) => ({
    limit: () => limit,
    resident: () => 0,
    buffers: () => 0,
    collectAt: () => 0,
  })
  expect(() => refuseNoMemory(run, memory(bytes))).not.toThrow()
  try {
    refuseNoMemory(run, memory(bytes - 1))
  } catch (error) {
    return (error as Error).message
  }
  throw new Error(`expected a refusal below ${bytes} bytes`)
}

test('what a run holds at least: weights, gradients, casts; slots of what is trained; averages and best weights', () => {
  // 3 copies of 1000 weights and two moments of 600, four bytes each.
  expect(messageOf({}, 4 * (3000 + 1200))).toBe(
    'memory: expected a run that fits into the 16.4 KiB that this process may use, found 1000 parameters, which need 16.4 KiB at least ' +
      '(weights, gradients and casts 11.7 KiB, optimizer state 4.69 KiB; more comes on top); choose a smaller model, or a machine with more memory',
  )
  expect(messageOf({ processes: 3 }, 3 * 4 * 4200)).toMatch(
    /at least in 3 processes .*; choose fewer --workers, a smaller/,
  )
  messageOf({ comparison: { ema: 0.9 } }, 4 * (4200 + 1000 + 600))
  expect(messageOf({ comparison: { keepBest: true } }, 4 * (4200 + 1000))).toContain(
    'the best weights 3.91 KiB',
  )
  messageOf({ workload: { optimizer: () => sgd({ learningRate: 1 }) } }, 4 * 3000)
  messageOf(
    { workload: { optimizer: () => chain(clipByGlobalNorm(1), adamw({ learningRate: 1 })) } },
    4 * 4200,
  )
  expect(messageOf({ workload: { activationBytes: 100 } }, 4 * 4200 + 100)).toContain(
    'activations of a step 100 bytes; more comes on top); choose a smaller model, --batch or --context, or',
  )
  // Of an optimizer that somebody chose nothing is assumed.
  messageOf({ comparison: { optimizer: './mine.ts' } }, 4 * 3000)
})

test('text whose batches memory cannot hold is refused before it is read', async () => {
  const line = 'train --data nothing-there.txt --batch 4096 --context 4096 --model 300m --dry-run'
  const { status, stderr } = await recordedCli(line.split(' '))
  expect(status).toBe(2)
  expect(stderr).toMatch(/nothing-there/)
  const speeches = await recordedCli(line.replace('--data nothing-there.txt ', '').split(' '))
  expect([speeches.status, speeches.stdout]).toEqual([2, ''])
  expect(speeches.stderr).toMatch(
    /^error: memory: expected a run that fits .* activations of a step [\d.]+ [TG]iB;/,
  )
})

test('a dry run and a run refuse it before they open or read anything', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lotion-memory-'))
  try {
    const path = join(folder, 'huge.ts')
    await writeFile(
      path,
      `import { defineTask } from '@lotion/bench'
import { everything, sgd } from '@lotion/optim'

export const huge = defineTask({
  name: 'huge',
  summary: 'more weights than any machine has room for',
  options: {},
  examples: [],
  loss: { name: 'loss', meaning: 'Nothing is measured.' },
  steps: 10,
  learningRate: 1,
  learningRates: [1],
  workload: () => ({
    shapes: { w: [2 ** 22, 2 ** 22] },
    quantize: everything,
    schedule: (peak) => peak,
    optimizer: (learningRate) => sgd({ learningRate }),
    lambda: (strength) => strength,
    config: {},
    readData: () => { throw new Error('it read') },
    open: () => { throw new Error('it opened') },
  }),
})
`,
    )
    for (const more of [['--dry-run'], ['--out', join(folder, 'run')]]) {
      const { status, stdout, stderr } = await recordedCli([
        'run',
        path,
        '--methods',
        'ptq',
        '--workers',
        '1',
        ...more,
      ])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(
        /^error: memory: expected a run that fits into the [\d.]+ [KMGT]iB that this process may use, found 17592186044416 parameters, which need 192 TiB at least/,
      )
    }
    expect(await readdir(folder)).toEqual(['huge.ts'])
    expect(totalmem()).toBeLessThan(192 * 2 ** 40)
  } finally {
    await rm(folder, { recursive: true })
  }
})

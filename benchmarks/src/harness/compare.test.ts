import { expect, it } from 'vitest'
import { compare, type Comparison } from './compare.js'
import type { BenchContext, Competitor, CompetitorDefinition } from './competitor.js'

type Definition = CompetitorDefinition<string, Competitor<number>>

/** What a comparison leaves behind: every call, every line, every step of progress. */
function recorder() {
  const [calls, lines, progress]: [string[], string[], string[]] = [[], [], []]
  const context: BenchContext = {
    log: (line) => lines.push(line),
    progress: (...stage) => progress.push(stage.join(' ')),
    signal: new AbortController().signal,
  }
  /** A competitor whose tasks take 1, 2, 3 … milliseconds times a factor. */
  const here = (name: string, outcome: number, factor = 1, rounds?: number): Definition => ({
    name,
    open: async (subject) => {
      calls.push(`open ${name} for ${subject}`)
      let count = 0
      return {
        version: `${name} 1.0`,
        tasks: ['x', 'y'].map((task) => ({
          task,
          threads: 1,
          ...(rounds === undefined ? {} : { rounds }),
          first: async () => (calls.push(`first ${name}.${task}`), outcome),
          run: async () => (calls.push(`${name}.${task}`), factor * ++count),
        })),
        notes: () => [`${name} runs as told`],
        close: async () => void calls.push(`close ${name}`),
      }
    },
  })
  const run = (competitors: readonly Definition[], changes: Partial<BenchContext> = {}) => {
    const comparison: Comparison<string, number, Competitor<number>, number> = {
      subject: 'it',
      competitors,
      agree: (found, expected, { what }) => {
        if (found > expected + 1) throw new Error(`${what}: expected ${expected}, found ${found}`)
        return found - expected
      },
      rounds: 2,
      warmup: 1,
      pause: 0,
    }
    return compare(comparison, { ...context, ...changes })
  }
  return { calls, lines, progress, here, run }
}

const absent: Definition = { name: 'nobody', open: async () => ({ absent: 'not here; get another' }) }
const broken: Definition = { name: 'broken', open: () => Promise.reject(new Error('cannot start')) }

it('checks all before anything is timed, then lets all take turns, task by task, and closes them', async () => {
  const { calls, progress, here, run } = recorder()
  await run([here('a', 1), here('b', 1)])
  const checks = ['first a.x', 'first a.y', 'first b.x', 'first b.y']
  const first = ['a.x', 'b.x', 'a.y', 'b.y']
  // The second round begins with the next one.
  const second = ['b.x', 'a.y', 'b.y', 'a.x']
  const [opened, closed] = [
    ['open a for it', 'open b for it'],
    ['close b', 'close a'],
  ]
  // The first of the three rounds is to warm up.
  expect(calls).toEqual([opened, checks, first, first, second, closed].flat())
  expect([progress[0], progress[3], progress.at(-1)]).toEqual([
    'checking 1 4',
    'checking 4 4',
    'measuring 12 12',
  ])
})

it('says loudly who is missing and why, and goes on', async () => {
  const { lines, here, run } = recorder()
  const found = await run([here('a', 1), absent, broken, here('b', 2)])
  expect(found.absent).toEqual([
    { name: 'nobody', absent: 'not here; get another' },
    { name: 'broken', absent: 'cannot start' },
  ])
  expect(lines).toEqual([
    'SKIPPED nobody: not here; get another',
    'SKIPPED broken: cannot start',
    'a: a runs as told',
    'b: b runs as told',
  ])
  expect(found.notes).toEqual(lines.slice(2))
  expect(found.versions).toEqual(['a: a 1.0', 'b: b 1.0'])
  expect(found.measured.map(({ task, name, agreement }) => [task, name, agreement])).toEqual([
    ['x', 'a', null],
    ['x', 'b', 1],
    ['y', 'a', null],
    ['y', 'b', 1],
  ])
})

it('does not go on without the one that the others are held to', async () => {
  const { calls, here, run } = recorder()
  await expect(run([absent, here('a', 1)])).rejects.toThrow('nobody: not here; get another')
  await expect(run([broken, here('a', 1)])).rejects.toThrow('cannot start')
  expect(calls).toEqual([])
})

it('refuses to time competitors that do not compute the same, and closes them', async () => {
  const { calls, here, run } = recorder()
  await expect(run([here('a', 1), here('b', 5)])).rejects.toThrow('x, b, 1 thread: expected 1, found 5')
  expect(calls.filter((call) => /^[ab]\./.test(call))).toEqual([])
  expect(calls.slice(-2)).toEqual(['close b', 'close a'])
})

it('pairs times of the same rounds; who is slow takes part in the first ones only', async () => {
  const { here, run } = recorder()
  const { measured } = await run([here('a', 1), here('slow', 1, 12, 1)])
  const [a, slow] = measured
  // a: x and y each in the warm-up, then x is its 3rd and 6th step; slow: x is its 1st, of 12 ms.
  expect(a).toMatchObject({ task: 'x', ratio: null, milliseconds: { values: [3, 6] } })
  expect(slow).toMatchObject({ milliseconds: { values: [12] }, ratio: { median: 4, low: 4, high: 4 } })
})

it('stops with the signal, whatever a competitor says then', async () => {
  const stop = new AbortController()
  const { calls, here, run } = recorder()
  const stopping: Definition = {
    name: 'stopping',
    open: async () => {
      stop.abort(new Error('stopped by hand'))
      throw new Error('killed')
    },
  }
  await expect(run([here('a', 1), stopping], { signal: stop.signal })).rejects.toThrow('stopped by hand')
  expect(calls.at(-1)).toBe('close a')
})

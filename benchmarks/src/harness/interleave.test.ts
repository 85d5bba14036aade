import { expect, it } from 'vitest'
import { interleave, type Measured } from './interleave.js'

const options = { warmup: 2, pause: 0 }

function recorder(): { readonly order: string[]; measured(name: string, rounds: number): Measured } {
  const order: string[] = []
  const measured = (name: string, rounds: number): Measured => ({
    rounds,
    run: async () => order.push(name),
  })
  return { order, measured }
}

it('takes one step of each a round, and begins every round with the next', async () => {
  const { order, measured } = recorder()
  const times = await interleave(
    [measured('a', Infinity), measured('b', Infinity), measured('c', Infinity)],
    {
      ...options,
      rounds: 4,
    },
  )
  // Two rounds of warm-up, then abc bca cab abc.
  expect(order.join('')).toBe('abcabcabcbcacababc')
  // The measurement is the number of steps taken so far: those of the warm-up are not in it.
  expect(times).toEqual([
    [7, 12, 14, 16],
    [8, 10, 15, 17],
    [9, 11, 13, 18],
  ])
})

it('measures slow ones in the first rounds only, without a warm-up', async () => {
  const { order, measured } = recorder()
  const steps: string[] = []
  const times = await interleave([measured('a', Infinity), measured('s', 2)], {
    ...options,
    rounds: 3,
    onStep: (done, total) => steps.push(`${done}/${total}`),
  })
  // Warm-up a, a; then as, sa, a.
  expect(order.join('')).toBe('aaassaa')
  expect([steps[0], steps.at(-1)]).toEqual(['1/7', '7/7'])
  expect(times.map(({ length }) => length)).toEqual([3, 2])
})

it('stops between two steps when it is told to', async () => {
  const stop = new AbortController()
  const { order, measured } = recorder()
  const stopping: Measured = {
    rounds: Infinity,
    run: async () => (stop.abort(new Error('stopped by hand')), 1),
  }
  const run = interleave([measured('a', Infinity), stopping, measured('b', Infinity)], {
    ...options,
    rounds: 3,
    signal: stop.signal,
  })
  await expect(run).rejects.toThrow('stopped by hand')
  expect(order).toEqual(['a'])
})

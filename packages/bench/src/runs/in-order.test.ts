import { expect, test } from 'vitest'
import { inOrder } from './in-order.js'

test('records come run after run, those of the first unfinished run at once', async () => {
  const written: string[] = []
  const order = inOrder<string>(async (record) => void written.push(record))
  await order.record(1, 'b1')
  await order.record(0, 'a1')
  expect(written).toEqual(['a1'])
  await order.record(2, 'c1')
  await order.done(2)
  await order.record(1, 'b2')
  await order.record(0, 'a2')
  expect(written).toEqual(['a1', 'a2'])
  await order.done(0)
  expect(written).toEqual(['a1', 'a2', 'b1', 'b2'])
  await order.record(1, 'b3')
  await order.done(1)
  expect(written).toEqual(['a1', 'a2', 'b1', 'b2', 'b3', 'c1'])
})

test('what cannot be written is told to the run that waits for it', async () => {
  const order = inOrder<string>((record) => Promise.reject(new Error(`no room for ${record}`)))
  await order.record(1, 'b1')
  await expect(order.done(0)).rejects.toThrow('no room for b1')
})

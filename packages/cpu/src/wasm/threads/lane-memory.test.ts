import { runInNewContext } from 'node:vm'
import { setFlagsFromString } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { laneMemory } from './lane-memory.js'

describe('laneMemory', () => {
  it('makes zeroed arrays on cache lines of their own, which stay valid while it grows', () => {
    const memory = laneMemory(true)
    const [a, b, none] = [memory.floats(3)!, memory.floats(17)!, memory.floats(0)!]
    a.set([1, 2, 3])
    b.fill(4)
    const before = memory.size()
    const large = memory.floats(before)!
    expect(memory.size()).toBeGreaterThan(before)
    large[0] = 5
    expect([[...a], b[16], none.length, large[1]]).toEqual([[1, 2, 3], 4, 0, 0])
    const addresses = [a, b, none, large].map((array) => memory.addressOf(array)!)
    expect(addresses.every((address) => address > 0 && address % 64 === 0)).toBe(true)
    expect(new Set(addresses).size).toBe(4)
    expect([...memory.views().f32.subarray(addresses[0]! / 4, addresses[0]! / 4 + 3)]).toEqual([1, 2, 3])
    expect(memory.addressOf(a.subarray(1))).toBe(addresses[0]! + 4)
    expect(memory.addressOf(new Float32Array(3))).toBeUndefined()
  })

  it('uses the bytes of arrays again that nobody can reach, cleared, and no others', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const memory = laneMemory(true)
    const kept = memory.floats(1000)!.fill(1).subarray(10, 20)
    const fill = (): number => memory.addressOf(memory.floats(1000)!.fill(7))!
    const dropped = fill()
    // A finalizer runs in a task of its own, at some time after the collection.
    let again = memory.floats(1000)!
    for (let round = 0; round < 50 && memory.addressOf(again) !== dropped; round++) {
      collect()
      await new Promise((resolve) => setTimeout(resolve, 10))
      again = memory.floats(1000)!
    }
    expect(memory.addressOf(again)).toBe(dropped)
    expect(again.every((value) => value === 0)).toBe(true)
    expect(kept.every((value) => value === 1)).toBe(true)
  })

  it('has no room beyond 4 GiB, and none for arrays that growing would detach', () => {
    const memory = laneMemory(true)
    expect(memory.floats(2 ** 30)).toBeUndefined()
    expect(memory.floats(8)).toHaveLength(8)
    expect(laneMemory(false).floats(8)).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { freeRanges } from './free-ranges.js'

describe('freeRanges', () => {
  it('takes the lowest range that fits, in whole cache lines', () => {
    const free = freeRanges()
    expect(free.take(1)).toBeUndefined()
    free.give(64, 640)
    expect([free.take(1), free.take(65), free.take(64)]).toEqual([64, 128, 256])
    expect(free.take(448)).toBeUndefined()
    expect(free.take(384)).toBe(320)
  })

  it('merges what comes back with its neighbours', () => {
    const free = freeRanges()
    free.give(0, 256)
    const [a, b, c, d] = [64, 64, 64, 64].map((bytes) => free.take(bytes)!)
    free.give(a!, 64)
    free.give(c!, 64)
    expect(free.take(128)).toBeUndefined()
    free.give(b!, 64)
    expect(free.take(192)).toBe(0)
    free.give(d!, 64)
    free.give(0, 192)
    expect(free.take(256)).toBe(0)
  })

  it('tells how much is missing at the end', () => {
    const free = freeRanges()
    free.give(0, 128)
    expect([free.missing(128, 128), free.missing(129, 128), free.missing(129, 256)]).toEqual([0, 64, 192])
  })
})

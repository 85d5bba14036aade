import { blockOf, defineLanes, evaluate, layoutOf, type EvaluateCall, type Lane } from '@lotion/core'
import { flatLayout, ulpDistance, ulpSteps } from '@lotion/core/internal'
import { describe, expect, it } from 'vitest'
import { laneFunctions } from './lane-functions.js'
import { probeInput, probeKinds } from './probe-values.js'
import { inRange, reachableValues } from './reachable-values.js'

const rangeOf = (body: (x: { a: Lane; b: Lane }) => Lane, a: number[], b: number[], div = 2) => {
  const fn = defineLanes({ name: 'f', inputs: ['a', 'b'], outputs: ['y'], body: (x) => ({ y: body(x) }) })
  const call = { fn, inputs: { a, b }, layout: flatLayout(a.length) }
  const { low, high } = reachableValues([call], { ulp: { div } })[0]!['y']!
  return [[...low], [...high]]
}

describe('reachable values', () => {
  it('are the evaluation alone, where every operation is exact', () => {
    const wrong: string[] = []
    for (const entry of laneFunctions.filter((_, i) => i % 7 === 0)) {
      for (const kind of probeKinds) {
        const layout = layoutOf([2, 13], blockOf(8))
        const arrays = entry.fn.inputs.map(
          (name) => [name, probeInput(name, kind, layout, entry.points)] as const,
        )
        const call: EvaluateCall = {
          fn: entry.fn,
          inputs: { ...entry.scalars, ...Object.fromEntries(arrays) },
          layout,
        }
        const [expected, found] = [evaluate([call, call], 'f32'), reachableValues([call, call])]
        for (const [name, values] of Object.entries(expected[1]!)) {
          const { low, high } = found[1]![name]!
          values.forEach((value, i) => {
            if ([low[i]!, high[i]!].some((end) => ulpDistance(end, value) > 0))
              wrong.push(
                `${entry.name} of ${kind.name}: ${name}[${i}] in [${low[i]}, ${high[i]}], is ${value}`,
              )
          })
        }
      }
    }
    expect(wrong).toEqual([])
  })

  it('reach as far as the operation is off', () => {
    const third = Math.fround(1 / 3)
    expect(rangeOf(({ a, b }) => a.div(b), [1, 0], [3, 3])).toEqual([
      [ulpSteps(third, -2), 0],
      [ulpSteps(third, 2), 0],
    ])
    // Four steps below 1 are two units in the last place of 1.
    expect(rangeOf(({ a, b }) => a.div(b).add(1), [-1], [1])).toEqual([[-(2 ** -22)], [2 ** -23]])
  })

  it('take both sides of a jump that may be on either', () => {
    expect(rangeOf(({ a, b }) => a.div(b).floor(), [6, 7], [3, 3])).toEqual([
      [1, 2],
      [2, 2],
    ])
    expect(rangeOf(({ a, b }) => a.div(b).less(2, 10, 20), [6, 7, 5], [3, 3, 3])).toEqual([
      [10, 20, 10],
      [20, 20, 10],
    ])
    expect(rangeOf(({ a, b }) => a.div(a.div(b).sub(1)), [3], [3])).toEqual([[-Infinity], [Infinity]])
  })

  it('have the ends of products and quotients of either sign', () => {
    // a / b is within two steps of −1 or 1.
    const [low, high] = [1 - 2 ** -23, 1 + 2 ** -22]
    expect(rangeOf(({ a, b }) => a.div(b).mul(-2), [1], [1])).toEqual([[-2 * high], [-2 * low]])
    expect(rangeOf(({ a, b }) => a.div(b).mul(a.div(b).mul(-1)), [-1], [1])).toEqual([
      [-Math.fround(high * high)],
      [-Math.fround(low * low)],
    ])
    // Two steps about 0: a − b of quotients of the same size.
    const around = ({ a, b }: { a: Lane; b: Lane }): Lane => a.div(b).sub(a.mul(0.5).div(b.mul(0.5)))
    expect(rangeOf(around, [1], [1])).toEqual([[low - high], [high - low]])
    expect(rangeOf((x) => around(x).abs(), [1], [1])).toEqual([[0], [high - low]])
    expect(rangeOf((x) => around(x).mul(around(x)), [1], [1])).toEqual([
      [(low - high) * (high - low)],
      [(high - low) ** 2],
    ])
    expect(rangeOf((x) => around(x).sqrt(), [1], [1])).toEqual([[-Infinity], [Infinity]])
    expect(rangeOf((x) => x.a.div(around(x)), [1], [1])).toEqual([[-Infinity], [Infinity]])
  })

  it('are anything where a number may be infinite, on a device alone', () => {
    const twice = ({ a, b }: { a: Lane; b: Lane }): Lane => a.mul(b)
    expect(rangeOf(twice, [3e38], [2])).toEqual([[-Infinity], [Infinity]])
    expect(rangeOf(({ a }) => a.blockSum(), [3e38, 3e38], [0, 0])).toEqual([[-Infinity], [Infinity]])
    const fn = defineLanes({ name: 'f', inputs: ['a', 'b'], outputs: ['y'], body: (x) => ({ y: twice(x) }) })
    const exact = reachableValues([{ fn, inputs: { a: [3e38], b: [2] } }])[0]!['y']!
    expect([exact.low[0], exact.high[0]]).toEqual([Infinity, Infinity])
  })

  it('contain what an executor of such errors gives: division by a reciprocal', () => {
    const fn = laneFunctions.find(({ name }) => name === 'formats/int4/cast')!.fn
    const layout = layoutOf([40], blockOf(40))
    const w = probeInput(
      'w',
      probeKinds[1]!,
      layout,
      Array.from({ length: 15 }, (_, i) => i - 7),
    )
    const [amax] = [Math.max(...w.map(Math.abs))]
    const scale = Math.fround(amax / 7)
    // What a fast kernel would do: multiply by the rounded 7 / amax.
    const factor = Math.fround(7 / amax)
    const fast = w.map((x) => Math.fround(Math.round(Math.fround(x * factor)) * scale))
    const [range] = reachableValues([{ fn, inputs: { w }, layout }], { ulp: { div: 3, mul: 1 } })
    fast.forEach((value, i) => expect(inRange(range!['w']!, i, value)).toBe(true))
    // On a grid point the cell below and the cell above are possible, and no other.
    expect([scale, 2 * scale].map((step) => inRange(range!['w']!, 1, fast[1]! + step))).toEqual([true, false])
    const inside = w.map((x) => Math.fround(x - 0.3 * scale * Math.sign(x)))
    inside[0] = w[0]!
    const [narrow] = reachableValues([{ fn, inputs: { w: inside }, layout }], { ulp: { div: 3, mul: 1 } })
    expect([...w].slice(1, 14).map((x, i) => inRange(narrow!['w']!, i + 1, x))).toEqual(Array(13).fill(true))
    expect([...w].slice(1, 14).some((x, i) => inRange(narrow!['w']!, i + 1, x + scale))).toBe(false)
  })

  it('let sums be taken in any order, and subnormals be lost, only if told so', () => {
    const fn = defineLanes({
      name: 'f',
      inputs: ['a'],
      outputs: ['sum', 'y'],
      body: ({ a }) => ({ sum: a.blockSum(), y: a.mul(1) }),
    })
    const call = { fn, inputs: { a: [1, 2 ** -24, -1, 2 ** -130] } }
    const [exact] = reachableValues([call])
    const [loose] = reachableValues([call], { flushes: true })
    expect([inRange(exact!['sum']!, 0, 0), inRange(loose!['sum']!, 0, 0)]).toEqual([false, true])
    expect([inRange(exact!['y']!, 3, 0), inRange(loose!['y']!, 3, 0)]).toEqual([false, true])
    expect(inRange(loose!['y']!, 3, 2 ** -126)).toBe(false)
    const negative = { fn, inputs: { a: [-(2 ** -130), 1, 1, 1] } }
    const [lost] = reachableValues([negative], { flushes: true })
    expect([0, -(2 ** -130), 2 ** -130].map((value) => inRange(lost!['y']!, 0, value))).toEqual([
      true,
      true,
      false,
    ])
  })
})

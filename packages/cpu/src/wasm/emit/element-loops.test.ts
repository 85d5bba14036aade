import { defineLanes, trace, type Lane, type LaneNode } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { elementLoops } from './element-loops.js'

const isElement = (node: LaneNode): boolean => node.rate === 'element'

/** Values of a formula by name. */
function nodesOf(body: (x: { a: Lane; b: Lane }) => Record<string, Lane>): Record<string, LaneNode> {
  const names: string[] = []
  // Outputs are only known once the body has run.
  const outputs = new Proxy(names, {})
  const fn = defineLanes({
    name: 'f',
    inputs: ['a', 'b'],
    outputs,
    body: (x) => {
      const made = body(x)
      names.push(...Object.keys(made))
      return made
    },
  })
  return { ...trace(fn).outputs }
}

describe('elementLoops', () => {
  it('keeps what would cost more to compute again than to load', () => {
    const { root, cheap, first, second } = nodesOf(({ a, b }) => {
      const root = a.div(b).sqrt()
      const cheap = a.add(b)
      return { root, cheap, first: root.add(1).mul(cheap), second: root.sub(2).mul(cheap) }
    }) as Record<'root' | 'cheap' | 'first' | 'second', LaneNode>
    expect(elementLoops([[first], [second]], isElement)).toEqual([
      { goal: 0, roots: [first], spills: [root] },
      { goal: 1, roots: [second], spills: [] },
    ])
    expect(elementLoops([[cheap], [second]], isElement).flatMap(({ spills }) => spills)).toEqual([])
  })

  it('cuts a long chain near its middle, through a single value', () => {
    const chain = (a: Lane, length: number): Lane => {
      let x = a
      for (let n = 0; n < length; n++) x = x.div(a.add(n))
      return x
    }
    const { short, middle, long } = nodesOf(({ a }) => ({
      short: chain(a, 5),
      middle: chain(a, 4),
      long: chain(chain(a, 4).sqrt(), 3),
    }))
    expect(elementLoops([[short!]], isElement)).toEqual([{ goal: 0, roots: [short], spills: [] }])
    const loops = elementLoops([[long!]], isElement)
    expect(loops).toEqual([
      { goal: -1, roots: [middle], spills: [middle] },
      { goal: 0, roots: [long], spills: [] },
    ])
  })
})

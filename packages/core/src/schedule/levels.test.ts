import { describe, expect, it } from 'vitest'
import { evaluate } from '../evaluate.js'
import { defineLanes, trace } from '../lanes/lane.js'
import {
  isMaximum,
  isReduction,
  isTotal,
  laneReductions,
  type LaneNode,
  type Reduction,
} from '../lanes/node.js'
import { frontier, levelsOf } from './levels.js'

const NAMES = ['amax', 'half', 'sum', 'top', 'norm', 'out'] as const

describe('levels', () => {
  const fn = defineLanes({
    name: 'f',
    inputs: ['w'],
    outputs: NAMES,
    body: ({ w }) => {
      const amax = w.abs().blockMax()
      const half = amax.div(2)
      const sum = w.div(half).blockSum()
      const top = amax.tensorMax()
      const norm = w.mul(w).total('norm')
      return { amax, half, sum, top, norm, out: w.mul(sum).div(top).div(norm) }
    },
  })
  const of = trace(fn).outputs as Readonly<Record<(typeof NAMES)[number], LaneNode>>

  it('sort reductions by how many they need, with the values that wait for each', () => {
    const { levels } = levelsOf([of.out], ['block'])
    expect(levels.map(({ nodes }) => nodes)).toEqual([[of.amax], [of.sum]])
    expect(levels.map(({ maxima, sums }) => [maxima.length, sums.length])).toEqual([
      [1, 0],
      [0, 1],
    ])
    expect(levels.map(({ values }) => values)).toEqual([[of.half], []])
  })

  it('of the tensor take values of the call, and those that need none before', () => {
    const { before, levels } = levelsOf([of.out], ['tensor'])
    expect(levels.map(({ nodes }) => nodes)).toEqual([[of.top]])
    expect(before).toContain(of.norm)
    expect(before.every(({ rate }) => rate !== 'block' && rate !== 'element')).toBe(true)
  })

  it('of both extents are counted together', () => {
    const { levels } = levelsOf([of.out], ['block', 'tensor'])
    expect(levels.map(({ nodes }) => nodes)).toEqual([[of.amax], [of.sum, of.top]])
  })

  it('do not look into what is known', () => {
    const known = (node: LaneNode): boolean => isTotal(node) || node === of.sum
    const { nodes, levels } = levelsOf([of.out], ['block', 'tensor'], known)
    expect(levels.map((level) => level.nodes)).toEqual([[of.amax], [of.top]])
    expect(nodes).not.toContain(of.half)
    expect(levelsOf([of.norm], ['block', 'tensor']).levels).toEqual([])
  })

  it('have a frontier: what weights read of blocks, and blocks of the call', () => {
    const isKnown = (node: LaneNode): boolean => isReduction(node)
    expect(frontier([of.out], 'block', isKnown)).toEqual([of.sum])
    expect(frontier([of.out], 'call', isKnown)).toEqual(expect.arrayContaining([of.top, of.norm]))
  })
})

describe('the table of reductions', () => {
  const w = [3, -1, 2, 5]
  const layout = { outer: 1, length: 4, inner: 1, size: 2, blocks: 2 }
  const blocks = [w.slice(0, 2), w.slice(2)]
  const keep = { max: (x: number[]) => Math.max(0, ...x), sum: (x: number[]) => x.reduce((a, b) => a + b, 0) }

  it.each(Object.keys(laneReductions) as Reduction[])('says what %s does', (how) => {
    const { over, keeps } = laneReductions[how]
    const fn = defineLanes({
      name: how,
      inputs: ['w'],
      outputs: ['y'],
      body: (x) => ({ y: how === 'total' ? x.w.total('t') : x.w[how]() }),
    })
    const { y } = trace(fn).outputs
    expect(isReduction(y!, over)).toBe(true)
    expect(isReduction(y!) && isMaximum(y)).toBe(keeps === 'max')
    const [out] = evaluate([{ fn, inputs: { w }, layout }])
    expect([...out!['y']!]).toEqual((over === 'block' ? blocks : [w]).map(keep[keeps]))
  })
})

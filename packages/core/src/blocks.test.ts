import { describe, expect, it } from 'vitest'
import {
  axisName,
  blockName,
  blockOf,
  flatLayout,
  layoutOf,
  parseAxis,
  parseBlock,
  perRow,
  perTensor,
  sizeOf,
  type BlockAxis,
} from './blocks.js'
import { blockMembers } from './schedule/block-walk.js'

describe('layoutOf', () => {
  it('runs blocks along the last axis, the last block of a line shorter', () => {
    const layout = layoutOf([2, 5], blockOf(2))
    expect(layout).toEqual({ outer: 2, length: 5, inner: 1, size: 2, blocks: 6 })
    expect(blockMembers(layout)).toEqual([[0, 1], [2, 3], [4], [5, 6], [7, 8], [9]])
  })

  it('runs blocks along the first axis', () => {
    const layout = layoutOf([3, 2], blockOf(2), 0)
    expect(layout).toEqual({ outer: 1, length: 3, inner: 2, size: 2, blocks: 4 })
    expect(blockMembers(layout)).toEqual([[0, 2], [1, 3], [4], [5]])
  })

  it('runs blocks along a middle axis, counted from either end', () => {
    const layout = layoutOf([2, 3, 2], blockOf(2), 1)
    expect(layout).toEqual({ outer: 2, length: 3, inner: 2, size: 2, blocks: 8 })
    expect(blockMembers(layout)).toEqual([[0, 2], [1, 3], [4], [5], [6, 8], [7, 9], [10], [11]])
    expect(layoutOf([2, 3, 2], blockOf(2), -2)).toEqual(layout)
  })

  it('makes one block a row along the axis', () => {
    expect(blockMembers(layoutOf([2, 3], perRow))).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ])
    expect(blockMembers(layoutOf([2, 3], perRow, 0))).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ])
  })

  it('makes one block of a tensor, whatever the axis', () => {
    expect(layoutOf([2, 3], perTensor, 0)).toEqual(flatLayout(6))
    expect(blockMembers(flatLayout(3))).toEqual([[0, 1, 2]])
  })

  it('never makes a block longer than its line', () => {
    expect(layoutOf([4, 3], blockOf(32))).toEqual(layoutOf([4, 3], perRow))
    expect(layoutOf([], blockOf(32))).toEqual(flatLayout(1))
  })

  it('sees adjacent axes as one: the reduction of a convolution, of a depthwise one, an expert', () => {
    for (const block of [blockOf(1), blockOf(32), perRow, perTensor]) {
      const [height, width, into, out] = [3, 2, 8, 5]
      const reduction = layoutOf([height, width, into, out], block, [0, 2])
      expect(reduction).toEqual(layoutOf([height * width * into, out], block, 0))
      expect(layoutOf([out, into, height, width], block, [1, 3])).toEqual(
        layoutOf([out, into * height * width], block),
      )
      expect(layoutOf([out, into, height, width], block, [1, -1])).toEqual(
        layoutOf([out, into * height * width], block),
      )
      expect(layoutOf([height, width, into, 2], block, [0, 1])).toEqual(
        layoutOf([height * width, into * 2], block, 0),
      )
      expect(layoutOf([4, into, out], block, [1, 2])).toEqual(layoutOf([4, into * out], block))
      expect(layoutOf([4, into, out], block, [1, 1])).toEqual(layoutOf([4, into, out], block, 1))
      expect(layoutOf([4, into, out], block, [0, -1])).toEqual(layoutOf([4 * into * out], block))
    }
    // One scale an output channel, written last in memory or first.
    expect(blockMembers(layoutOf([1, 2, 2, 2], perRow, [0, 2]))).toEqual([
      [0, 2, 4, 6],
      [1, 3, 5, 7],
    ])
    expect(blockMembers(layoutOf([2, 2, 1, 2], perRow, [1, 3]))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ])
  })

  it('covers every weight once', () => {
    for (const shape of [[1], [7], [4, 6], [3, 5, 7], [2, 3, 4, 5]]) {
      for (const block of [blockOf(1), blockOf(2), blockOf(4), perRow, perTensor]) {
        const ends = Array.from({ length: 2 * shape.length }, (_, i) => i - shape.length)
        const runs = ends.flatMap((first) =>
          ends
            .filter((last) => last >= first && last < 0 === first < 0)
            .map((last) => [first, last] as const),
        )
        for (const axis of [...ends, ...runs]) {
          const layout = layoutOf(shape, block, axis)
          const members = blockMembers(layout)
          expect(members).toHaveLength(layout.blocks)
          expect(members.flat().sort((a, b) => a - b)).toEqual(
            Array.from({ length: sizeOf(shape) }, (_, i) => i),
          )
        }
      }
    }
  })

  it('has no blocks where there are no weights', () => {
    for (const shape of [[0], [3, 0], [0, 3]]) {
      for (const axis of shape.keys()) {
        for (const block of [blockOf(2), perRow, perTensor]) {
          const layout = layoutOf(shape, block, axis)
          expect(layout.blocks).toBe(0)
          expect(blockMembers(layout)).toEqual([])
        }
      }
    }
  })

  it('names an axis that does not exist', () => {
    const message = 'axis: expected a whole number from -2 to 1 for shape [2, 3], found'
    for (const axis of [2, -3, 0.5, NaN])
      expect(() => layoutOf([2, 3], blockOf(2), axis)).toThrow(`${message} ${axis}`)
    const runs = 'axis: expected first and last axis from -2 to 1 for shape [2, 3], found'
    for (const axis of [
      [1, 0],
      [0, 2],
      [-3, 1],
      [0, 0.5],
      [NaN, 1],
      [-1, 0],
    ] as const)
      expect(() => layoutOf([2, 3], blockOf(2), axis)).toThrow(`${runs} ${axis[0]}..${axis[1]}`)
  })
})

describe('blocks as people write them', () => {
  it('reads what it writes', () => {
    for (const block of [blockOf(32), perRow, perTensor]) expect(parseBlock(blockName(block))).toEqual(block)
    expect(parseBlock(16)).toEqual(blockOf(16))
  })

  it('names what is not a block', () => {
    for (const text of ['', ' ', '0', '-1', '1.5', 'rows', 'Infinity', 0, NaN]) {
      expect(() => parseBlock(text)).toThrow(
        `block: expected a positive whole number, 'row' or 'tensor', found '${text}'`,
      )
    }
    for (const size of [0, -1, 1.5, NaN, Infinity])
      expect(() => blockOf(size)).toThrow(/block: expected a positive whole number/)
  })
})

describe('axes as people write them', () => {
  it('reads what it writes, and open ends', () => {
    const axes: readonly BlockAxis[] = [0, -1, 3, [0, 2], [1, -1], [-3, -2]]
    for (const axis of axes) expect(parseAxis(axisName(axis))).toEqual(axis)
    expect(parseAxis('1..')).toEqual([1, -1])
    expect(parseAxis('..2')).toEqual([0, 2])
  })

  it('names what is no axis', () => {
    for (const text of ['', '..', '1...', '1.5', 'x', '1..x', '0,2', ' 1', '--1'])
      expect(() => parseAxis(text)).toThrow(
        `axis: expected a whole number, or first and last of several axes such as 0..2 or 1.., found '${text}'`,
      )
  })
})

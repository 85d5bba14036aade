// A layout's blocks one after the other, in the order in which they are numbered and summed. Comes in: a
// layout. Goes out: where each block's weights lie, and how many values there are. Source: `BlockLayout`.

import { weightsOf, type BlockLayout } from '../blocks.js'
import type { Rate } from '../lanes/node.js'

/** Visit the blocks in order: number, first weight, count, and the distance from one weight to the next. */
export function eachBlock(
  { outer, length, inner, size }: BlockLayout,
  visit: (block: number, first: number, count: number, step: number) => void,
): void {
  let block = 0
  for (let o = 0; o < outer; o++) {
    for (let start = 0; start < length; start += size) {
      for (let lane = 0; lane < inner; lane++, block++) {
        visit(block, (o * length + start) * inner + lane, Math.min(size, length - start), inner)
      }
    }
  }
}

/** List the weights of every block, in the layout's order of blocks. */
export function blockMembers(layout: BlockLayout): readonly (readonly number[])[] {
  const members: number[][] = []
  eachBlock(layout, (_, first, count, step) =>
    members.push(Array.from({ length: count }, (__, k) => first + k * step)),
  )
  return members
}

/** How many values a node of a rate has. */
export function countOf(rate: Rate, layout: BlockLayout): number {
  return rate === 'element' ? weightsOf(layout) : rate === 'block' ? layout.blocks : 1
}

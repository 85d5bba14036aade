// Layouts on which kernels differ: neighbours or blocks side by side, tails, one block, long blocks.
// Comes in: a block. Goes out: layouts by name. Source: docs/design/07-cpu.md, kernels.

import { blockOf, layoutOf, perTensor, type Block, type BlockLayout } from '@lotion/core'

/** A layout with the kinds of weights that it is run on. */
export interface ProbeLayout {
  readonly name: string
  readonly layout: BlockLayout
  /** Only weights of the kind `normal`: layouts of many weights. */
  readonly many: boolean
}

/** Longer than a block that one thread takes alone and than a chunk of a sum, no multiple of four. */
const LONG = 33_003

/** The layouts for a block; long ones only where asked for. */
export function probeLayouts(block: Block, long: boolean): readonly ProbeLayout[] {
  const size = block.kind === 'size' ? block.size : 32
  const of = (name: string, layout: BlockLayout, many = false): ProbeLayout => ({ name, layout, many })
  return [
    of('blocks with a tail', layoutOf([2, size + 7], blockOf(size))),
    of('axis 0, with a tail', layoutOf([size + 3, 5], blockOf(size), 0)),
    of('one block a tensor', layoutOf([45], perTensor)),
    of('blocks of one weight', layoutOf([6], blockOf(1))),
    of('whole blocks', layoutOf([5, 2 * size], blockOf(size)), true),
    of('axis 0, more than a strip', layoutOf([9, 70], blockOf(8), 0), true),
    ...(long ? [of('one long block', layoutOf([LONG], perTensor), true)] : []),
  ]
}

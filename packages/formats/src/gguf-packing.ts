// Bytes of a quantized parameter as GGUF stores it: scale and codes of a block together. Comes in: codes and
// scales. Goes out: one byte array, and back. Source: ggml's block_q4_0, block_q8_0 and block_mxfp4.

import type { BlockLayout, ElementCodes, ScaleCodes } from '@lotion/core'
import { weightsOf } from '@lotion/core/internal'
import { decodeMany, expectBytes, singles, viewOf, type Packing } from './packing.js'

const BLOCK = 32

/**
 * Pack blocks of 32, each its scale and then its codes; of 4-bit codes the first sixteen stand in the low
 * nibbles, the others in the high ones. The stream is called `blocks`.
 */
export function ggufPacking(name: string, codes: ElementCodes, scale: ScaleCodes): Packing {
  const bytesPerBlock = scale.bytes + (BLOCK * codes.bits) / 8
  const nibbles = codes.bits === 4
  const half = BLOCK / 2
  const lengths = (layout: BlockLayout): { readonly blocks: number } => {
    expectWholeBlocks(name, layout)
    return { blocks: layout.blocks * bytesPerBlock }
  }
  return Object.freeze({
    name,
    streams: ['blocks'],
    lengths,
    pack: ({ layout, values, scales }) => {
      const bytes = new Uint8Array(lengths(layout).blocks)
      const [view, block] = [viewOf(bytes), new Uint8Array(BLOCK)]
      const encode = codes.encoder(singles(values))
      for (let b = 0, start = 0; b < layout.blocks; b++, start += bytesPerBlock) {
        scale.write(view, start, scales[b]!)
        const at = start + scale.bytes
        encode(b * BLOCK, 1, BLOCK, nibbles ? block : bytes, nibbles ? 0 : at)
        if (nibbles) for (let k = 0; k < half; k++) bytes[at + k] = block[k]! | (block[k + half]! << 4)
      }
      return { blocks: bytes }
    },
    unpack: (streams, layout) => {
      expectBytes(name, streams, 'blocks', lengths(layout).blocks)
      const bytes = streams['blocks']!
      const view = viewOf(bytes)
      const values = new Float32Array(weightsOf(layout))
      const scales = new Float32Array(layout.blocks)
      const block = new Uint8Array(BLOCK)
      for (let b = 0, start = 0; b < layout.blocks; b++, start += bytesPerBlock) {
        scales[b] = scale.read(view, start)
        const at = start + scale.bytes
        const pairs = nibbles ? half : 0
        for (let k = 0; k < pairs; k++) {
          const byte = bytes[at + k]!
          block[k] = byte & 15
          block[k + half] = byte >> 4
        }
        decodeMany(codes, nibbles ? block : bytes, nibbles ? 0 : at, values, b * BLOCK, 1, BLOCK)
      }
      return { layout, values, scales, tensorScale: 1 }
    },
  } satisfies Packing)
}

function expectWholeBlocks(name: string, { length, inner, size }: BlockLayout): void {
  if (inner !== 1 || size !== BLOCK || length % BLOCK !== 0) {
    throw new RangeError(
      `${name}: layout: expected blocks of 32 along the last axis, its length a multiple of 32, ` +
        `found blocks of ${size}, length ${length}${inner === 1 ? '' : ', along another axis'}`,
    )
  }
}

// What a type of tensors in a GGUF file is. Comes in: its blocks and how one is decoded. Goes out: a frozen
// record. Source: ggml's blocks.

import { f16Values } from '../to-float32.js'

/** A type of tensors: numbers in blocks of so many weights, each block so many bytes. */
export interface GgufType {
  /** As ggml calls it: `Q4_K`. */
  readonly name: string
  /** As a file tells it. */
  readonly id: number
  /** Weights of a block. */
  readonly weights: number
  /** Bytes of a block. */
  readonly bytes: number
  /** Fill `into` with the weights of whole blocks. Absent where the type is not decoded here. */
  readonly decode?: (blocks: Uint8Array, into: Float32Array) => void
}

/** A type, with the decoding of one block. */
export interface BlockType extends Omit<GgufType, 'decode'> {
  /** Fill `into` from `to` on with the block at `at`; `f16` has the value of each half's bits. */
  readonly block: (bytes: Uint8Array, at: number, into: Float32Array, to: number, f16: Float32Array) => void
}

/**
 * Make the record of a type whose blocks are decoded one after the other. Products and sums of a block are
 * exact in doubles, so that storing them as f32 rounds them as often as f32 arithmetic does.
 */
export function defineGgufType({ block, ...type }: BlockType): GgufType {
  const { weights, bytes } = type
  return Object.freeze<GgufType>({
    ...type,
    decode: (blocks, into) => {
      const f16 = f16Values()
      for (let at = 0, to = 0; to < into.length; at += bytes, to += weights) block(blocks, at, into, to, f16)
    },
  })
}

/** The half whose two bytes begin at `at`. */
export function halfAt(f16: Float32Array, bytes: Uint8Array, at: number): number {
  return f16[bytes[at]! | (bytes[at + 1]! << 8)]!
}

/** A byte as a number of two's complement. */
export function signed(byte: number): number {
  return (byte << 24) >> 24
}

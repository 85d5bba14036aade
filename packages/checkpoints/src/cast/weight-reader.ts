// The weights of a tensor, read in order, as few at a time as is wanted. Comes in: a checkpoint, a name.
// Goes out: a reader.
// Source: docs/design/11-files.md.

import { sizeOf } from '@lotion/core'
import { dtypeBits, type RawTensor } from '../dtype.js'
import type { SafetensorsFile } from '../safetensors-view.js'
import { BeyondFloat32, fillFloat32 } from '../to-float32.js'
import { PIECE_WEIGHTS } from './tensor-pieces.js'
import type { ChosenWeight } from './weight-plan.js'

/** Reads the weights of one tensor. */
export interface WeightReader {
  /** The tensor's name, for messages and for the key of draws. */
  readonly name: string
  /** Weights there are. */
  readonly count: number
  /**
   * Read `into.length` weights, from weight `first` on.
   * @throws NotFiniteWeight if one is not finite; `into` is filled then, too.
   */
  read(first: number, into: Float32Array): Promise<Float32Array>
}

/** A weight that is infinite or no number in single precision; the message names the tensor and the place. */
export class NotFiniteWeight extends RangeError {
  constructor(
    name: string,
    value: number,
    /** Counted from the tensor's first weight. */
    readonly position: number,
  ) {
    super(`'${name}': expected finite weights in single precision, found ${value} at position ${position}`)
  }
}

/** Read a tensor that was chosen: as it stands in the file, or what its codes and scales stand for. */
export function chosenReader(
  file: Pick<SafetensorsFile, 'tensors' | 'part' | 'tensor' | 'metadata'>,
  name: string,
  { quantized, shape }: ChosenWeight,
): WeightReader {
  const known = quantized?.known
  return known ? memoryReader(name, sizeOf(shape), () => known.read(file)) : fileReader(file, name)
}

function fileReader(file: Pick<SafetensorsFile, 'tensors' | 'part'>, name: string): WeightReader {
  const { dtype, shape } = file.tensors[name]!
  let bytes = new Uint8Array(0)
  return {
    name,
    count: sizeOf(shape),
    read: async (first, into) => {
      const needed = Math.ceil((into.length * dtypeBits[dtype]) / 8)
      if (bytes.length < needed) bytes = new Uint8Array(needed)
      return decoded(name, first, await file.part(name, first, into.length, bytes), into)
    },
  }
}

/** Read weights into memory when they are asked for: all of them, as long as the reader exists. */
export function memoryReader(name: string, count: number, all: () => Promise<Float32Array>): WeightReader {
  let weights: Promise<Float32Array> | undefined
  return {
    name,
    count,
    read: async (first, into) => {
      into.set((await (weights ??= all())).subarray(first, first + into.length))
      return finite(name, first, into)
    },
  }
}

function decoded(name: string, first: number, raw: RawTensor, into: Float32Array): Float32Array {
  try {
    fillFloat32(raw, into)
  } catch (error) {
    if (error instanceof BeyondFloat32) throw new NotFiniteWeight(name, error.value, first + error.position)
    throw error
  }
  return finite(name, first, into)
}

function finite(name: string, first: number, weights: Float32Array): Float32Array {
  const at = firstNotFinite(weights)
  if (at >= 0) throw new NotFiniteWeight(name, weights[at]!, first + at)
  return weights
}

/** The place of the first number that is infinite or none; −1 if there is none such. */
export function firstNotFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i
  return -1
}

/** Count the weights of a tensor that are infinite or no number in single precision. */
export async function countNotFinite(reader: WeightReader): Promise<number> {
  let count = 0
  const piece = new Float32Array(Math.min(PIECE_WEIGHTS, reader.count))
  for (let first = 0; first < reader.count; first += piece.length) {
    const into = piece.subarray(0, Math.min(piece.length, reader.count - first))
    try {
      await reader.read(first, into)
    } catch (error) {
      if (!(error instanceof NotFiniteWeight)) throw error
      for (let i = 0; i < into.length; i++) if (!Number.isFinite(into[i])) count++
    }
  }
  return count
}

// Ways to make few bits of trained weights. Comes in: a model, a format. Goes out: a GGUF file. Ours is the
// cast of training; llama.cpp's rule and a clipped scale are what one has without it.

import { openGguf, type GgufTensorInfo } from '@lotion/checkpoints'
import { castNearest, layoutOf } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { formatByName, mseClip, withScale } from '@lotion/formats'
import { ggmlBlocks, ggmlEncodes } from '@lotion/test-kit/ggml-base'
import { open, rename, rm } from 'node:fs/promises'
import { lotion } from './lotion.js'

/** A way to round weights. */
export interface Rounding {
  readonly name: string
  /** Whether there is such a file of a format. */
  readonly holds: (format: string) => boolean
  /** Write the file. */
  readonly write: (model: Weights, format: string, file: string) => Promise<void>
}

/** What is rounded. */
export interface Weights {
  /** As they are before that. */
  readonly weights: string
  /** As a run cast them to the format, if one did. */
  readonly cast?: string
}

/** Write a model as it is: weights before their cast in F32, cast ones in their blocks. */
export async function asTheyAre(model: string, file: string): Promise<void> {
  await lotion('export', model, '--to', 'gguf', '--out', file)
}

/** The nearest cast of training, with learnt steps; llama.cpp's type holds its codes and scales. */
export const ownCast: Rounding = {
  name: 'that of training',
  holds: () => true,
  write: async ({ weights, cast }, format, file) => {
    if (cast !== undefined) await asTheyAre(cast, file)
    else await lotion('export', weights, '--to', 'gguf', '--out', file, '--format', format)
  },
}

/** What `llama-quantize` writes without weights of importance, for the tensors that ours casts. */
export const llamaCppRule: Rounding = {
  name: "llama.cpp's rule",
  holds: (format) => ggmlEncodes(format.toUpperCase()),
  write: async ({ weights: model }, format, file) => {
    const { floats, laidOut } = await bothOf(model, format, file)
    await overwrite({ floats, laidOut, file: laidOut }, (weights, { type, shape }) =>
      ggmlBlocks(type, weights, shape),
    )
    await rm(floats)
    await rename(laidOut, file)
  },
}

/**
 * The scale of each block by the least squared error of `mseClip`, in f32, which no type of GGUF has: a file
 * of the cast weights in F32.
 */
export const clippedCast: Rounding = {
  name: 'MSE clip, in an F32 file',
  holds: () => true,
  write: async ({ weights: model }, format, file) => {
    const { floats, laidOut } = await bothOf(model, format, file)
    const clipped = withScale(formatByName(format), mseClip())
    const fn = castNearest(clipped)
    const executor = cpuExecutor({ threads: 1 })
    await overwrite({ floats, laidOut, file: floats }, (w, { shape }) => {
      const [cast] = executor.lanes([{ fn, inputs: { w }, layout: layoutOf(shape, clipped.block) }])
      const { buffer, byteOffset, byteLength } = cast!['w']!
      return new Uint8Array(buffer, byteOffset, byteLength)
    })
    await rm(laidOut)
    await rename(floats, file)
  },
}

/** All, the cast of training first. */
export const roundings: readonly Rounding[] = [ownCast, llamaCppRule, clippedCast]

/** The weights in F32, and the cast of training, which tells what tensors are cast and how they lie. */
async function bothOf(model: string, format: string, file: string) {
  const [floats, laidOut] = [`${file}.floats`, `${file}.laid-out`]
  for (const path of [floats, laidOut]) await rm(path, { force: true })
  await asTheyAre(model, floats)
  await ownCast.write({ weights: model }, format, laidOut)
  return { floats, laidOut }
}

/** Write other bytes where the tensors stand that were cast; rows of both files are in the same order. */
async function overwrite(
  { floats, laidOut, file }: { readonly floats: string; readonly laidOut: string; readonly file: string },
  bytesOf: (weights: Float32Array, tensor: GgufTensorInfo) => Uint8Array,
): Promise<void> {
  const { readGgufFileInfo } = await import('node-llama-cpp')
  const { fullTensorInfo } = await readGgufFileInfo(file)
  const [source, { tensors, close }] = [await openGguf(floats), await openGguf(laidOut)]
  const into = await open(file, 'r+')
  try {
    for (const [name, tensor] of Object.entries(tensors)) {
      if (tensor.type === 'F32') continue
      const place = fullTensorInfo!.find((each) => each.name === name)!
      const bytes = bytesOf(await source.read(name), tensor)
      await into.write(bytes, 0, bytes.length, Number(place.fileOffset))
    }
  } finally {
    await into.close()
    await source.close()
    await close()
  }
}

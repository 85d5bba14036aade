// Whether two files hold the same weights. Comes in: two paths that a model can be opened from. Goes out: for
// each weight how many differ, as numbers.
// Source: docs/design/19-export.md, nothing is quantized again.

import { sizeOf } from '@lotion/core'
import type { ExportWish } from './open-export.js'
import { openWeights, type OpenWeights } from './open-weights.js'

/** Weights of one name in two files. */
export interface ComparedWeights {
  /** As the model calls it. */
  readonly name: string
  /** How many there are. */
  readonly weights: number
  /** How many are other numbers; all of them where only one file has the tensor. */
  readonly differing: number
  /** The first one that differs: its place, its value here, and in the other file. */
  readonly first?: readonly [index: number, here: number, there: number]
  /** Where one file alone has the tensor, or of another shape: what is wrong. */
  readonly problem?: string
}

/**
 * Compare weights of two models, one tensor after the other, by the names and in the layout of the models:
 * runs, files that they left, packed casts, Hugging Face folders, GGUF files, ONNX files that were exported.
 * Weights are compared as numbers: −0 is 0.
 * @param path What is judged.
 * @param against What it should hold.
 * @param wish Formats of one's own, for either.
 * @throws as `openExport`.
 */
export async function* compareWeights(
  path: string,
  against: string,
  wish: Pick<ExportWish, 'formats'> = {},
): AsyncGenerator<ComparedWeights, void> {
  const here = await openWeights(path, wish)
  try {
    const there = await openWeights(against, wish)
    try {
      const others = new Map(there.tensors.map((tensor) => [tensor.name, tensor]))
      for (const tensor of here.tensors) {
        yield await compared(tensor, others.get(tensor.name))
        others.delete(tensor.name)
      }
      for (const { name, shape } of others.values()) yield missing(name, sizeOf(shape), `${path} has none`)
    } finally {
      await there.close()
    }
  } finally {
    await here.close()
  }
}

type Tensor = OpenWeights['tensors'][number]

const missing = (name: string, weights: number, problem: string): ComparedWeights =>
  Object.freeze({ name, weights, differing: weights, problem })

async function compared(here: Tensor, there: Tensor | undefined): Promise<ComparedWeights> {
  const { name, shape } = here
  const weights = sizeOf(shape)
  if (!there) return missing(name, weights, 'the other one has none')
  if (there.shape.join() !== shape.join())
    return missing(name, weights, `[${shape.join(', ')}] here, [${there.shape.join(', ')}] there`)
  const [ours, theirs] = [await here.read(), await there.read()]
  let [differing, first] = [0, -1]
  for (let i = 0; i < weights; i++)
    if (ours[i] !== theirs[i]) {
      if (first < 0) first = i
      differing++
    }
  return Object.freeze({
    name,
    weights,
    differing,
    ...(first < 0 ? {} : { first: [first, ours[first]!, theirs[first]!] as const }),
  })
}

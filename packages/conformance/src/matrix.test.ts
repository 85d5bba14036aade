// Every built-in format with every kind of noise: the CPU's emitted code gives the evaluation's bits.
import { castSample, evaluate, layoutOf, uniforms } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { builtInFormats } from '@lotion/formats'
import {
  dithered,
  gaussian,
  logistic,
  nearest,
  randomizedRounding,
  smoothstep,
  spread,
  uniformDither,
} from '@lotion/noise'
import { describe, expect, it } from 'vitest'

const noises = [
  randomizedRounding,
  nearest,
  spread(),
  smoothstep,
  dithered(0.5),
  uniformDither,
  gaussian(),
  logistic(),
]

/** Two rows that no block size divides. */
const shape = [2, 77] as const
const length = shape[0] * shape[1]

/** Zeros of both signs, halves and thirds of small integers, the least numbers there are; then a ramp. */
const special = [0, -0, 0.5, -0.5, 1.5, -2.5, 1 / 3, 7, -7, 2 ** -126, 2 ** -149, -(2 ** -140), 1e-20]
const w = Float32Array.from({ length }, (_, i) => special[i % 29] ?? (i - length / 2) / 16)
/** A row whose last, ragged block holds zeros alone, and whose first holds tiny weights alone. */
w.fill(-0, 64, 77)
w.fill(2 ** -145, 77, 77 + 32)

const u = Float32Array.from(uniforms({ seed: 1, stream: 'matrix' }, length))
u.set([0, 0.5, 1 - 2 ** -24, 0.5, 0], 3)

describe.each(builtInFormats)('$name on the CPU', (format) => {
  it.each(noises)('with $name', (noise) => {
    const call = { fn: castSample(format, noise), inputs: { w, u }, layout: layoutOf(shape, format.block) }
    const found = cpuExecutor().lanes([call])[0]!['w']!
    const expected = evaluate([call], 'f32')[0]!['w']!
    expect(found.length).toBe(length)
    const different = [...found].flatMap((value, i) =>
      Object.is(value, expected[i]) ? [] : [{ w: w[i], u: u[i], value, expected: expected[i] }],
    )
    expect(different).toEqual([])
  })
})

// Blocks of weights on which scale rules go wrong, from simple to awkward. Comes in: a format. Goes out:
// weights with a layout.
// Source: docs/design/03-formats-and-methods.md (casting twice): the maximum decides, and where scales have
// few bits it decides wrongly.

import { blockOf, layoutOf, normals, type BlockLayout, type NumberFormat } from '@lotion/core'

/** Weights with a name for messages. */
export interface ProbeBlocks {
  readonly name: string
  readonly w: readonly number[]
  readonly layout: BlockLayout
  /** Near the ends of single precision, where a scale with few exponent bits may not reach. */
  readonly extreme: boolean
}

/** Blocks that are probed at most in one piece. */
const MOST = 256

/** The largest finite number of single precision. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127

/** Weights in a block of the format; 32 where a block is a row or all. */
function lengthOf({ block }: NumberFormat): number {
  return block.kind === 'size' ? block.size : 32
}

/** The same format with blocks of at most 32: where maxima decide, more weights decide nothing. */
function short(format: NumberFormat): NumberFormat {
  return { ...format, block: blockOf(Math.min(lengthOf(format), 32)) }
}

function piece(
  format: NumberFormat,
  name: string,
  rows: number,
  w: (k: number, row: number) => number,
  extreme = false,
): ProbeBlocks {
  const length = lengthOf(format)
  return {
    name,
    extreme,
    layout: layoutOf([rows, length], format.block),
    w: Array.from({ length: rows * length }, (_, i) => Math.fround(w(i % length, Math.floor(i / length)))),
  }
}

/** Ramps, zeros, one weight, Gaussians over 20 binades, the ends of single precision. */
export function probeBlocks(format: NumberFormat): readonly ProbeBlocks[] {
  const length = lengthOf(format)
  const gaussian = normals({ seed: 1, stream: 'conformance weights' }, 2 * length)
  const blocks = (name: string, w: (i: number) => number, extreme = false): ProbeBlocks =>
    piece(format, name, 2, (k, row) => w(row * length + k), extreme)
  return [
    blocks('weights 1, 2, 3 …', (i) => (i % length) + 1),
    blocks('weights that are all 0', () => 0),
    blocks('one weight of 1 among zeros', (i) => (i === 1 ? 1 : 0)),
    blocks('one weight a block, 1 and 0.1', (i) => (i === 0 ? 1 : i === length ? 0.1 : 0)),
    blocks('weights of one size, ±5', (i) => (i % 2 === 0 ? 5 : -5)),
    ...[0, 1, 2, -10, 10].map((exponent) =>
      blocks(`Gaussian weights · 2^${exponent}`, (i) => gaussian[i]! * 2 ** exponent),
    ),
    ...[5, 6, 7, 9, 11, 13, 15].map((amax) =>
      blocks(`weights up to ${amax / 8}`, (i) => (((i % length) + 1) / length) * (amax / 8)),
    ),
    blocks('tiny weights, up to 2^-140', (i) => gaussian[i]! * 2 ** -142, true),
    blocks(
      'huge weights, up to 2^126',
      (i) => (i % 3 === 0 ? 2 ** 126 : 2 ** 120) * (i % 2 === 0 ? 1 : -1),
      true,
    ),
  ]
}

/**
 * Blocks of every size, and maxima at every point and between, in units in which scales have few bits: those
 * of a tensor's scale and of 16-bit floats.
 */
export function awkwardBlocks(whole: NumberFormat): readonly ProbeBlocks[] {
  const format = short(whole)
  const gaussian = normals({ seed: 3, stream: 'conformance weights' }, 4096)
  const drawn = (k: number, row: number): number => gaussian[(row * 37 + k) % gaussian.length]!
  const { points } = format.grid
  const top = points.at(-1)!
  const above = points.filter((point) => point > 0)
  const middles = above.map((hi, i) => ((above[i - 1] ?? 0) + hi) / 2)
  const places = [...above, ...middles, top / 2, 0.75 * top].flatMap((place) => [
    place * (1 - 2 ** -12),
    place,
    place * (1 + 2 ** -12),
  ])
  const maxima = (name: string, units: readonly number[]): ProbeBlocks => {
    const all = places.flatMap((place) => units.map((unit) => place * unit))
    // Steps of a prime reach all of them, or as many as there is room for, evenly.
    const some = Array.from({ length: Math.min(all.length, MOST) }, (_, i) => all[(i * 7919) % all.length]!)
    // The last block holds the tensor's maximum.
    const sizes = [...some, 448 * top]
    return piece(format, name, sizes.length, (k, row) =>
      k === 0 ? sizes[row]! : Math.max(Math.min(drawn(k, row) * 0.4, 1), -1) * sizes[row]!,
    )
  }
  return [
    piece(format, 'Gaussian blocks, each smaller by 2^⅛', 161, (k, row) => drawn(k, row) * 2 ** (-row / 8)),
    maxima(
      "maxima at points, in eighths of the tensor's smallest scales",
      [1, 2, 3, 4, 5, 6, 7, 9, 11].map((n) => n * 2 ** -9),
    ),
    maxima(
      'maxima at points, in units of 2^-24',
      [1, 3, 5, 7, 10, 13, 100, 201, 300].map((n) => n * 2 ** -24),
    ),
    maxima('maxima at points, in bfloat16 units', [1, 1 + 2 ** -7, 1 + 3 * 2 ** -7, 2 - 2 ** -7, 1.5]),
    piece(
      format,
      'Gaussian blocks of every binade',
      277,
      (k, row) => Math.max(Math.min(drawn(k, row) / 4, 1), -1) * 2 ** (row - 149),
      true,
    ),
  ]
}

/** Blocks that reach the largest number of single precision, its neighbours and the powers of two before. */
export function endBlocks(format: NumberFormat): readonly ProbeBlocks[] {
  const sizes = [1, 1 - 2 ** -24, 1 - 2 ** -8, 7 / 8, 0.75, 5 / 8, 0.5, 0.25].map((share) =>
    Math.fround(LARGEST * share),
  )
  return sizes.map((size) =>
    piece(
      short(format),
      `weights up to ${size}`,
      2,
      (k, row) => (k === 0 ? (row === 0 ? size : -size) : (size / (k + 1)) * (k % 2 === 0 ? 1 : -1)),
      true,
    ),
  )
}

// Laws of a format's packing: what is stored is the cast, to the bit, in as many bytes as is said. Comes in:
// a format. Goes out: counterexamples. They run the packing that `lotion cast` writes.
// Source: the contract `StoredCodes`; docs/design/03-formats-and-methods.md.

import {
  castNearest,
  defineLanes,
  evaluate,
  layoutOf,
  normals,
  type BlockLayout,
  type NumberFormat,
} from '@lotion/core'
import { weightsOf } from '@lotion/core/internal'
import { dequantize, packingOf, quantize, type Packing, type Quantized } from '@lotion/formats'
import { canStore, isStandard } from '@lotion/formats/internal'
import { shown, type Law } from './law.js'
import { awkwardBlocks, endBlocks, probeBlocks } from './probe-blocks.js'

/** Weights to be packed; a packing may refuse layouts that are not whole blocks of its format. */
interface Packed {
  readonly name: string
  readonly w: readonly number[]
  readonly layout: BlockLayout
  readonly whole: boolean
}

/** Blocks on which scales go wrong; then ragged blocks, and blocks along other axes. */
function packedBlocks(format: NumberFormat): readonly Packed[] {
  const whole = [...probeBlocks(format), ...awkwardBlocks(format), ...endBlocks(format)].map((blocks) => ({
    ...blocks,
    whole: isStandard(format),
  }))
  const { size } = probeBlocks(format)[0]!.layout
  const others = (
    [
      ['ragged blocks', [3, size + Math.ceil(size / 2) + 1], -1],
      ['blocks along the first axis', [size + 3, 5], 0],
      ['a single weight', [1, 1], -1],
    ] as const
  ).map(([name, shape, axis]) => {
    const layout = layoutOf(shape, format.block, axis)
    const w = [...normals({ seed: 6, stream: 'packed weights' }, weightsOf(layout))]
    return { name, w, layout, whole: false }
  })
  return [...whole, ...others]
}

/** The nearest cast, what is stored of it, and the scale if it is part of the format. */
function castOf(
  format: NumberFormat,
  { w, layout }: Packed,
): { readonly cast: Float64Array; readonly parts: Quantized; readonly fixed: number } {
  const fn = defineLanes({
    name: `packing ${format.name}`,
    inputs: ['w'],
    outputs: ['w', 'value', 'scale', 'tensorScale'],
    body: (x) => ({ ...quantize(format).body(x), ...castNearest(format).body(x) }),
  })
  const found = evaluate([{ fn, inputs: { w }, layout }], 'f32')[0]!
  const [values, scale, tensorScale] = [found['value']!, found['scale']!, found['tensorScale']![0]!]
  const scales = format.packing?.scale ? scale : []
  return { cast: found['w']!, parts: { layout, values, scales, tensorScale }, fixed: scale[0]! }
}

/** Whether the packing was made for the format's own scale: a rule put in its place may not fit. */
const isOwn = ({ packing, scale }: NumberFormat): boolean =>
  packing !== undefined &&
  (packing.scale ? canStore({ packing }, scale) : scale.bits === 0 && scale.stored === undefined)

/** Whether the packing takes a layout. @throws what the packing throws at whole blocks of its format. */
function isTaken({ lengths }: Packing, { layout, whole }: Packed): boolean {
  try {
    lengths(layout)
    return true
  } catch (error) {
    if (whole) throw error
    return false
  }
}

const same: Law<NumberFormat> = {
  name: 'packing',
  sentence:
    'What is unpacked is the cast to the bit (the sign of a 0 aside), whatever the sizes of blocks, and packed again it is the same bytes.',
  applies: isOwn,
  refute: (format) => {
    const packing = packingOf(format)
    for (const packed of packedBlocks(format).filter((each) => isTaken(packing, each))) {
      const { cast, parts, fixed } = castOf(format, packed)
      const streams = packing.pack(parts)
      const back = packing.unpack(streams, packed.layout)
      const weights = dequantize(back, fixed)
      const i = packed.w.findIndex((_, k) => weights[k] !== cast[k])
      if (i >= 0)
        return {
          input: `${packed.name}, w = ${packed.w[i]}`,
          found: `it is cast to ${shown(cast[i]!)}, and unpacked as ${shown(weights[i]!)}`,
        }
      const twice = packing.pack(back)
      const other = packing.streams.find((name) => twice[name]!.some((byte, k) => byte !== streams[name]![k]))
      if (other !== undefined) return { input: packed.name, found: `'${other}' packed again has other bytes` }
    }
    return undefined
  },
}

const sizes: Law<NumberFormat> = {
  name: 'packed sizes',
  sentence:
    "Codes have the `bits` of the format, and scales, where they are their rule's own numbers, its `bits` and `tensorBits`.",
  applies: isOwn,
  refute: ({ packing, bits, scale: rule }) => {
    const { codes, scale, tensorScale } = packing!
    const sized = [
      ['a code', codes.bits, bits],
      ['the scale of a block', scale && scale.name === rule.stored ? 8 * scale.bytes : rule.bits, rule.bits],
      ['the scale of a tensor', 8 * (tensorScale?.bytes ?? 0), rule.tensorBits ?? 0],
    ] as const
    const off = sized.find(([, found, expected]) => found !== expected)
    return off && { input: off[0], found: `${off[1]} bits are stored, ${off[2]} declared` }
  },
}

const points: Law<NumberFormat> = {
  name: 'codes of points',
  sentence:
    'Every point has a code of its own, on which `encode`, `encoder`, `decode` and `table` agree; a number without a code is refused.',
  applies: ({ packing }) => packing !== undefined,
  refute: ({ packing, grid }) => {
    const { bits, encode, encoder, decode, table } = packing!.codes
    if (table.length !== 2 ** bits)
      return { input: `codes of ${bits} bits`, found: `${table.length} of them in the table` }
    const odd = table.findIndex((value, code) => !Object.is(value, Math.fround(decode(code))))
    if (odd >= 0) return { input: `the code ${odd}`, found: `${decode(odd)}, in the table ${table[odd]}` }
    const many = new Uint8Array(grid.points.length)
    encoder(Float32Array.from(grid.points))(0, 1, many.length, many, 0)
    for (const [i, point] of grid.points.entries()) {
      const [code, other] = [encode(point), many[i]!]
      const found = [decode(code), decode(other)]
      if (found.some((value) => value !== point))
        return {
          input: `the point ${point}`,
          found: `its codes ${code} and ${other} are read as ${found.join(' and ')}`,
        }
    }
    const between = grid.points.slice(1).map((hi, i) => (grid.points[i]! + hi) / 2)
    for (const value of [...between, 2 * grid.points.at(-1)!, Number.NaN]) {
      if (table.includes(Math.fround(value))) continue
      const code = coded(encode, value)
      if (code !== undefined)
        return { input: `${value}, which no code stands for`, found: `it is given the code ${code}` }
    }
    return undefined
  },
}

/** The code of a value, if it is not refused. */
function coded(encode: (value: number) => number, value: number): number | undefined {
  try {
    return encode(value)
  } catch {
    return undefined
  }
}

/** What every packing of a format is held to. */
export const packingLaws: readonly Law<NumberFormat>[] = Object.freeze([points, sizes, same])

// Weights that compressed-tensors and MLX packed: integers, and E2M1 with powers of two. Comes in: a file's
// header, the name of a weight. Goes out: how to read it.
// Source: compressed-tensors (pack-quantized, mxfp4-pack-quantized); mlx.core.quantize (affine, mxfp4).

import { blockOf, layoutOf, perTensor, type ElementCodes, type Shape } from '@lotion/core'
import { builtInFormats, dequantize, e2m1, offsetBinary, packingOf, signMagnitude } from '@lotion/formats'
import type { SafetensorsFile } from '../safetensors-view.js'
import type { TensorInfo } from '../safetensors-header.js'
import { toFloat32 } from '../to-float32.js'
import { gridRecords } from './cast-metadata.js'
import type { FileHeader, KnownLayout } from './known-layouts.js'

type Tensors = Pick<SafetensorsFile, 'tensor'>

/** How scales and codes are called, and what codes stand in. */
interface Dialect {
  readonly codes: string
  readonly dtype: 'I32' | 'U32' | 'U8'
  readonly scales: string
  /** What is added to code times scale. */
  readonly biases?: string
  /** Rows and columns, where they are stored. */
  readonly shape?: string
}

/** Find how to read such a weight. */
export function packedWords(file: FileHeader, name: string): KnownLayout | undefined {
  const stem = name.replace(/\.weight$/, '')
  const beside = { codes: `${stem}.weight_packed`, scales: `${stem}.weight_scale` }
  const below = { codes: name, scales: `${stem}.scales` }
  const integers = integerBits(file, name)
  return (
    integerWords(file, { ...beside, dtype: 'I32', shape: `${stem}.weight_shape` }, integers ?? USUAL_BITS) ??
    // Nothing in a file of MLX says how wide codes are: 64 of 4 bits have the words of 32 of 8.
    (integers === undefined
      ? undefined
      : integerWords(file, { ...below, dtype: 'U32', biases: `${stem}.biases` }, integers)) ??
    e2m1Words(file, { ...beside, dtype: 'U8' }) ??
    e2m1Words(file, { ...below, dtype: 'U32' })
  )
}

const find = (file: FileHeader, name: string): TensorInfo | undefined =>
  Object.hasOwn(file.tensors, name) ? file.tensors[name] : undefined

/** Bits of codes where the shape of the weights stands beside them, which is looked at. */
const USUAL_BITS = 4

/** Bits of a code, where a record says it; headers of others do not. */
function integerBits({ metadata = {} }: FileHeader, name: string): number | undefined {
  const format = gridRecords(metadata).get(name)?.format
  return builtInFormats.find((known) => known.name === format)?.packing?.codes.bits
}

const floats: readonly string[] = ['F32', 'F16', 'BF16']

function integerWords(file: FileHeader, dialect: Dialect, bits: number): KnownLayout | undefined {
  const [words, scales] = [find(file, dialect.codes), find(file, dialect.scales)]
  const besides = [dialect.biases, dialect.shape].filter((part) => part !== undefined)
  const isWhole = besides.every((part) => find(file, part) !== undefined)
  // Zero points and orders of groups are other layouts.
  const stem = dialect.codes.replace(/_packed$/, '')
  const isOther = [`${stem}_zero_point`, `${stem}_g_idx`].some((part) => find(file, part) !== undefined)
  if (!words || !scales || !isWhole || isOther || words.dtype !== dialect.dtype) return undefined
  const shape = unpackedShape(words.shape, 32 / bits)
  const group = groupOf(shape, scales.shape)
  if (group === undefined || !floats.includes(scales.dtype)) return undefined
  return {
    title: `INT${bits}, ${dialect.biases === undefined ? 'weight_packed' : 'scales and biases'} in groups of ${group}`,
    shape,
    read: async (tensors) => {
      await refuseOtherShape(tensors, dialect, shape, bits)
      const numbers = async (part: string) => toFloat32(await tensors.tensor(part))
      const factors = await numbers(dialect.scales)
      const zero = dialect.biases === undefined ? 2 ** (bits - 1) : 0
      const codes = await codesOf(tensors, dialect, offsetBinary(bits, zero), shape)
      if (dialect.biases === undefined) return scaled(codes, factors, shape, group)
      const biases = await numbers(dialect.biases)
      return codes.map((code, i) => {
        const at = Math.floor(i / group)
        return Math.fround(code * factors[at]!) + biases[at]!
      })
    },
  }
}

function e2m1Words(file: FileHeader, dialect: Dialect): KnownLayout | undefined {
  const [words, scales] = [find(file, dialect.codes), find(file, dialect.scales)]
  if (!words || words.dtype !== dialect.dtype || scales?.dtype !== 'U8') return undefined
  const shape = unpackedShape(words.shape, dialect.dtype === 'U8' ? 2 : 8)
  if (groupOf(shape, scales.shape) !== 32) return undefined
  return {
    title: `MXFP4, ${dialect.dtype === 'U8' ? 'weight_packed' : 'scales'} in blocks of 32`,
    shape,
    read: async (tensors) => {
      const { bytes } = await tensors.tensor(dialect.scales)
      const factors = Float32Array.from(bytes, (exponent) => 2 ** (exponent - 127))
      return scaled(await codesOf(tensors, dialect, signMagnitude(e2m1), shape), factors, shape, 32)
    },
  }
}

const unpackedShape = (words: Shape, codes: number): Shape => [...words.slice(0, -1), words.at(-1)! * codes]

/** Weights of a row that share a scale; nothing where the shapes leave it open. */
function groupOf(shape: Shape, scales: Shape): number | undefined {
  const group = shape.at(-1)! / scales.at(-1)!
  const isSame = shape.length === scales.length && shape.slice(0, -1).join() === scales.slice(0, -1).join()
  return isSame && Number.isInteger(group) ? group : undefined
}

/** The points of codes, lowest bits first, in the order of the weights. */
async function codesOf(
  tensors: Tensors,
  { codes: name }: Dialect,
  codes: ElementCodes,
  shape: Shape,
): Promise<Float32Array> {
  const { bytes } = await tensors.tensor(name)
  const { values } = packingOf({ name, packing: { codes } }).unpack(
    { codes: bytes },
    layoutOf(shape, perTensor),
  )
  return Float32Array.from(values)
}

const scaled = (values: Float32Array, scales: Float32Array, shape: Shape, group: number): Float32Array =>
  dequantize({ layout: layoutOf(shape, blockOf(group)), values, scales, tensorScale: 1 })

/** @throws RangeError where codes have other bits than was thought. */
async function refuseOtherShape(
  tensors: Tensors,
  { codes, shape: stored }: Dialect,
  shape: Shape,
  bits: number,
): Promise<void> {
  if (stored === undefined) return
  const { bytes, dtype } = await tensors.tensor(stored)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = Array.from(shape, (_, i) =>
    dtype === 'I64' ? Number(view.getBigInt64(8 * i, true)) : view.getInt32(4 * i, true),
  )
  if (found.join() !== shape.join())
    throw new RangeError(
      `'${codes}': expected [${shape.join(', ')}] in ${stored}, as codes of ${bits} bits have it, found [${found.join(', ')}]; other widths are read where the file's metadata name the format`,
    )
}

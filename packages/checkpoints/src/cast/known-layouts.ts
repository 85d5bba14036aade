// Weights that others quantized, as f32. Comes in: a file and the name of a weight. Goes out: how to read it,
// if its layout is known.
// Source: DeepSeek-V3's fp8 blocks, compressed-tensors (float-quantized, nvfp4-pack-quantized; others in
// packed-words.ts), ModelOpt's NVFP4, this project's packings.

import { layoutOf, sizeOf, type Shape } from '@lotion/core'
import { parseBlock } from '@lotion/core/internal'
import { dequantize, e2m1, signMagnitude } from '@lotion/formats'
import type { SafetensorsFile } from '../safetensors-view.js'
import { toFloat32 } from '../to-float32.js'
import type { PackedWeight } from './packed-weights.js'
import { packedWords } from './packed-words.js'

/** A layout that can be read. */
export interface KnownLayout {
  /** For people: `F8_E4M3, weight_scale_inv in blocks of 128 × 128`. */
  readonly title: string
  /** Of the weights. */
  readonly shape: Shape
  /**
   * All weights, in f32; a scale and its codes are multiplied in f32.
   * @param file The one that the layout was found in.
   */
  read(file: Tensors): Promise<Float32Array>
}

/** What a header tells. */
export type FileHeader = Pick<SafetensorsFile, 'tensors'> & Partial<Pick<SafetensorsFile, 'metadata'>>
type Tensors = Pick<SafetensorsFile, 'tensor'>

/** Find how to read a weight; `packed` says how this project packed it, if it did. */
export function knownLayout(file: FileHeader, name: string, packed?: PackedWeight): KnownLayout | undefined {
  return packed
    ? packedHere(name, packed)
    : (float8(file, name) ?? nvfp4(file, name) ?? packedWords(file, name))
}

function find(file: FileHeader, name: string) {
  return Object.hasOwn(file.tensors, name) ? file.tensors[name] : undefined
}

async function numbersOf(file: Tensors, name: string): Promise<Float32Array> {
  return toFloat32(await file.tensor(name))
}

function packedHere(name: string, { what, packing, record }: PackedWeight): KnownLayout {
  const { shape, block, axis } = record
  return {
    title: `${packing.name}, packed`,
    shape,
    read: async (tensors) => {
      const streams: Record<string, Uint8Array> = {}
      for (const stream of packing.streams)
        streams[stream] = (await tensors.tensor(`${name}.${stream}`)).bytes
      try {
        return dequantize(packing.unpack(streams, layoutOf(shape, parseBlock(block), axis)))
      } catch (error) {
        throw new RangeError(`${what}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        })
      }
    },
  }
}

/** Rows and columns that share a scale. */
interface Tile {
  readonly title: string
  readonly rows: number
  readonly columns: number
}

/** F8 codes times a scale a tensor, a row, a group of a row, or a tile of 128 × 128. */
function float8(file: FileHeader, name: string): KnownLayout | undefined {
  const weight = find(file, name)
  if (weight?.dtype !== 'F8_E4M3' && weight?.dtype !== 'F8_E5M2') return undefined
  const scaleName = [`${name}_scale_inv`, `${name}_scale`].find((key) => find(file, key))
  const tile = scaleName && weight.shape.length === 2 && tileOf(weight.shape, find(file, scaleName)!.shape)
  if (!tile) return undefined
  const { dtype, shape } = weight
  const kind = scaleName.slice(scaleName.lastIndexOf('.') + 1)
  return {
    title: `${dtype}, ${kind} ${tile.title}`,
    shape,
    read: async (tensors) =>
      scaledTiles(await numbersOf(tensors, name), await numbersOf(tensors, scaleName), shape, tile),
  }
}

/** Tell what one scale is for; nothing where the shapes leave it open. */
function tileOf([rows, columns]: Shape, scales: Shape): Tile | undefined {
  const [height, width] = [rows!, columns!]
  const [down, across = 1] = scales
  if (sizeOf(scales) === 1) return { title: 'a tensor', rows: height, columns: width }
  if (scales.length > 2 || down === undefined) return undefined
  if (down === height && across === 1) return { title: 'a row', rows: 1, columns: width }
  if (down === Math.ceil(height / 128) && across === Math.ceil(width / 128))
    return { title: 'in blocks of 128 × 128', rows: 128, columns: 128 }
  if (down === height && width % across === 0)
    return { title: `in groups of ${width / across}`, rows: 1, columns: width / across }
  return undefined
}

/** Weight (r, c) = code · scale of its tile, rounded once. */
function scaledTiles(
  codes: Float32Array,
  scales: Float32Array,
  [rows, columns]: Shape,
  tile: Tile,
): Float32Array {
  const across = Math.ceil(columns! / tile.columns)
  const weights = new Float32Array(codes.length)
  for (let row = 0, i = 0; row < rows!; row++) {
    const first = Math.floor(row / tile.rows) * across
    for (let column = 0; column < columns!; column++, i++)
      weights[i] = codes[i]! * scales[first + Math.floor(column / tile.columns)]!
  }
  return weights
}

/** Two E2M1 codes a byte, the first in the low half; an E4M3 scale for 16 of them, an f32 for the tensor. */
function nvfp4(file: FileHeader, name: string): KnownLayout | undefined {
  const stem = name.replace(/\.weight$/, '')
  const dialects = [
    // compressed-tensors stores what weights were multiplied by, ModelOpt what codes are.
    { codes: `${stem}.weight_packed`, global: `${stem}.weight_global_scale`, divides: true },
    { codes: name, global: `${name}_scale_2`, divides: false },
  ]
  const dialect = dialects.find(
    ({ codes, global }) => find(file, codes)?.dtype === 'U8' && find(file, global),
  )
  const scales = find(file, `${name}_scale`)
  if (!dialect || scales?.dtype !== 'F8_E4M3') return undefined
  const packed = find(file, dialect.codes)!.shape
  const shape = [...packed.slice(0, -1), 2 * packed.at(-1)!]
  const tiled = [...packed.slice(0, -1), packed.at(-1)! / 8]
  if (String(scales.shape) !== String(tiled) || sizeOf(find(file, dialect.global)!.shape) !== 1)
    return undefined
  return {
    title: `NVFP4, ${dialect.divides ? 'weight_packed' : 'weight_scale_2'}`,
    shape,
    read: async (tensors) => {
      const { bytes } = await tensors.tensor(dialect.codes)
      const [global] = await numbersOf(tensors, dialect.global)
      const blocks = (await numbersOf(tensors, `${name}_scale`)).map((scale) =>
        dialect.divides ? scale / global! : scale * global!,
      )
      const { decode } = signMagnitude(e2m1)
      const points = Array.from({ length: 16 }, (_, code) => decode(code))
      const weights = new Float32Array(2 * bytes.length)
      for (let i = 0; i < weights.length; i++)
        weights[i] = points[(bytes[i >> 1]! >> (4 * (i & 1))) & 15]! * blocks[i >> 4]!
      return weights
    },
  }
}

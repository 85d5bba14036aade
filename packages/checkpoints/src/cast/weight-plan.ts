// Which tensors of a file are weights to be cast, their blocks, and why the others are not. Comes in: a
// file's header, a choice. Goes out: a plan. Source: docs/design/03-formats-and-methods.md; by default what
// training quantizes.

import {
  layoutOf,
  sizeOf,
  type BlockAxis,
  type BlockLayout,
  type NumberFormat,
  type Shape,
} from '@lotion/core'
import { bitsPerWeight, type Packing } from '@lotion/formats'
import { byName } from '@lotion/optim'
import { layerOf } from '@lotion/optim/internal'
import type { SafetensorsFile } from '../safetensors-view.js'
import { quantizedWeights, weightTypes, type QuantizedWeight } from './quantized-weights.js'
import { unknownCodes } from './unknown-codes.js'

/** What to choose, and how blocks run. */
export interface WeightChoice {
  /** The grid, its scale rule and its blocks. */
  readonly format: NumberFormat
  /** What blocks run along. Default: what training would have them run along, by name and shape. */
  readonly axis?: BlockAxis | undefined
  /** What blocks of weights run along that lie on the grid already. */
  readonly recorded?: ReadonlyMap<string, BlockAxis> | undefined
  /** Names to choose. Default: what training quantizes. */
  readonly only?: RegExp | undefined
  /** Formats that the file may be packed as besides the built-in ones. Default: none. */
  readonly formats?: readonly NumberFormat[] | undefined
  /** Tensors that it cannot hold stay as they are. */
  readonly packing?: Packing | undefined
}

/** A tensor that is to be cast. */
export interface ChosenWeight {
  /** As the file stores it: `BF16`, or how it is quantized already. */
  readonly dtype: string
  /** Of the weight; its codes, if it was quantized before, may have another. */
  readonly shape: Shape
  /** What its blocks run along. */
  readonly axis: BlockAxis
  /** Its blocks of the format, over that axis. */
  readonly layout: BlockLayout
  /** Bits a weight of the format in these blocks. */
  readonly bits: number
  /** Codes and scales that it is read from, if it was quantized before. */
  readonly quantized?: QuantizedWeight
}

/** A tensor that stays as it is, and why. */
export interface KeptTensor {
  /** Type of the elements, by its name in safetensors or GGUF. */
  readonly dtype: string
  /** As the file stores it. */
  readonly shape: Shape
  /** Why it is not cast, in words for a table: `a vector`, `not asked for`. */
  readonly reason: string
}

/** What happens to every tensor of a file. */
export interface WeightPlan {
  /** By name: what is cast; at least one. */
  readonly chosen: ReadonlyMap<string, ChosenWeight>
  /** By name: what is copied as it is. */
  readonly kept: ReadonlyMap<string, KeptTensor>
}

type ReadFile = Pick<SafetensorsFile, 'path' | 'tensors' | 'metadata'>

/**
 * Choose tensors. What belongs to a quantized weight is never chosen; the weight itself is, where its layout
 * can be read.
 * @param file Its header is enough.
 * @param choice The format, and what is wished otherwise than by default.
 * @throws if nothing is left, one of them does not have the axis, or one is quantized in a layout that is not
 * known or may be part of such a layout and is not named apart from it.
 */
export function planWeights(file: ReadFile, choice: WeightChoice): WeightPlan {
  const found = quantizedWeights(file, choice.formats)
  const { weights, parts } = found
  const chosen = new Map<string, ChosenWeight>()
  const kept = new Map<string, KeptTensor>()
  const plan = (
    name: string,
    dtype: string,
    shape: Shape,
    quantized?: QuantizedWeight,
  ): string | undefined => {
    const reason = reasonToKeep(name, shape, choice)
    if (reason !== undefined) return reason
    const axis = choice.axis ?? choice.recorded?.get(name) ?? layerOf({ name, shape }).axis
    const layout = layoutWithin(name, shape, choice.format, axis)
    const misfit = choice.packing && misfitOf(choice.packing, layout)
    if (misfit !== undefined) return misfit
    const bits = bitsPerWeight(choice.format, shape, axis)
    chosen.set(name, { dtype, shape, axis, layout, bits, ...(quantized ? { quantized } : {}) })
    return undefined
  }
  for (const weight of weights.values()) {
    const { name, known } = weight
    const shape = known?.shape ?? (Object.hasOwn(file.tensors, name) ? file.tensors[name]!.shape : [1, 1])
    if (!known && reasonToKeep(name, shape, choice) === undefined) throw unknownLayout(file, weight)
    const reason = known
      ? plan(name, known.title, shape, weight)
      : 'quantized in a layout that is not read here'
    if (reason === undefined) continue
    for (const part of weight.parts) kept.set(part, { ...file.tensors[part]!, reason })
  }
  for (const [name, { dtype: element, shape, stored }] of Object.entries(file.tensors)) {
    const owner = parts.get(name)
    if (owner !== undefined && weights.has(owner)) continue
    const dtype = stored ?? element
    const reason =
      owner !== undefined
        ? `belongs to ${owner}`
        : !weightTypes.includes(element)
          ? `${dtype}, ${stored === undefined ? 'no weights or codes of other tools' : 'a type that is not read here'}`
          : plan(name, dtype, shape)
    if (reason !== undefined) kept.set(name, { dtype, shape, reason })
  }
  const suspects = suspectsOf(chosen, unknownCodes(file, found), choice)
  if (suspects.length > 0) throw notToldApart(file, suspects)
  if (chosen.size === 0) throw nothingChosen(file, kept, choice)
  return { chosen, kept }
}

function reasonToKeep(name: string, shape: Shape, { only }: WeightChoice): string | undefined {
  if (sizeOf(shape) === 0) return 'empty'
  // `search` ignores the position that a global expression remembers between tests.
  if (only) return name.search(only) >= 0 ? undefined : 'not asked for'
  if (byName()({ name, shape })) return undefined
  return layerOf({ name, shape }).fullPrecision ?? 'a vector'
}

/**
 * Floats that are to be cast, each with the codes that it may be scales of; a pattern that matches one and
 * not the other tells them apart.
 */
function suspectsOf(
  chosen: WeightPlan['chosen'],
  codesOf: (name: string) => readonly string[],
  { only }: WeightChoice,
): readonly (readonly [string, string])[] {
  return [...chosen].flatMap(([name, { quantized }]) => {
    const codes = quantized ? [] : codesOf(name).filter((code) => !only || code.search(only) >= 0)
    return codes.length > 0 ? [[name, codes[0]!] as const] : []
  })
}

function layoutWithin(name: string, shape: Shape, { block }: NumberFormat, axis: BlockAxis): BlockLayout {
  try {
    return layoutOf(shape, block, axis)
  } catch (error) {
    throw new RangeError(`'${name}': ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** Why the bytes of a packing cannot hold a tensor. */
function misfitOf(packing: Packing, layout: BlockLayout): string | undefined {
  try {
    packing.lengths(layout)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function unknownLayout({ path, tensors }: ReadFile, { name, parts }: QuantizedWeight): Error {
  const list = parts.map((part) => `${part} ${tensors[part]!.dtype} [${tensors[part]!.shape.join(', ')}]`)
  return new RangeError(
    `${path}: '${name}' is quantized already, in a layout that is not read here: ${list.join(', ')}; ` +
      `write it in full precision with the tool that made it, or choose other tensors with option 'only'`,
  )
}

function notToldApart(
  { path, tensors }: ReadFile,
  suspects: readonly (readonly [string, string])[],
): RangeError {
  const titled = (name: string): string =>
    `'${name}' ${tensors[name]!.dtype} [${tensors[name]!.shape.join(', ')}]`
  const list = suspects.slice(0, 3).map(([name, codes]) => `${titled(name)} beside ${titled(codes)}`)
  const more = suspects.length > 3 ? ` and ${suspects.length - 3} more` : ''
  const [name, codes] = suspects[0]!
  return new RangeError(
    `${path}: expected weights, found what may be scales of codes in a layout that is not known here: ${list.join(', ')}${more}; ` +
      `dequantize the file with the tool that wrote it, or name exactly what to cast with option 'only' <regexp>: ` +
      `to cast '${name}' as weights, match it and not '${codes}'`,
  )
}

function nothingChosen(
  { path }: ReadFile,
  kept: ReadonlyMap<string, KeptTensor>,
  { only }: WeightChoice,
): RangeError {
  const found = [...kept].map(([name, { reason }]) => `${name} (${reason})`)
  const more = found.length > 8 ? ` and ${found.length - 8} more` : ''
  const wanted = only
    ? `a tensor of floating-point numbers that matches ${only}`
    : 'weights of a matrix or convolution'
  return new RangeError(
    `${path}: expected ${wanted}, found ${found.length > 0 ? `${found.slice(0, 8).join(', ')}${more}; choose with option 'only'` : 'no tensor'}`,
  )
}

// Floats that may be scales of codes in a layout that is not known here. Comes in: a file's header, what is
// known to be quantized. Goes out: for every tensor, the codes that it may belong to.
// Source: docs/design/03-formats-and-methods.md, by place and type, not by name.

import { sizeOf } from '@lotion/core'
import { dtypeBits, type Dtype } from '../dtype.js'
import type { SafetensorsFile } from '../safetensors-view.js'
import { weightTypes, type QuantizedWeights } from './quantized-weights.js'

type Header = Pick<SafetensorsFile, 'tensors'>

/** Types of indices and masks: codes may stand in them too, but say less of what surrounds them. */
const indexTypes: readonly Dtype[] = ['I64', 'U64', 'BOOL']

/** Ends of names that are masks or states of generators, of whatever integer type. */
const maskName = /(?<![a-z])(?:masks?|tril|triu|causal|rng)(?![a-z])/i

/**
 * Ends of names that are positions and ids where the type holds more than a byte: `relative_position_index`;
 * bytes may be codes.
 */
const indexName =
  /(?<![a-z])(?:positions?|pos|relative|rel|bias)(?![a-z])|^(?:input|token|token_type|segment)_ids$|^edge_index$|^spatial_shapes$/i

/** Where a parameter begins that is stored in parts: `q.weight._data`, `q.weight:tensor_impl:scale`. */
const parameterName = /^_?q?weights?$/i

/**
 * Make a search for the codes that a float may be a scale of: integers or narrow floats of two axes and more
 * (or a vector of bytes that is longer than the float) which no known layout reads, in the same layer, or
 * right above or below it. Indices reach only their own layer. Largest first; empty if there are none.
 */
export function unknownCodes(
  { tensors }: Header,
  { weights, parts }: QuantizedWeights,
): (name: string) => readonly string[] {
  const byLayer = new Map<string, string[]>()
  const byParent = new Map<string, string[]>()
  const names = new Set<string>()
  const add = (map: Map<string, string[]>, key: string, name: string): void => {
    const known = map.get(key)
    if (known) known.push(name)
    else map.set(key, [name])
  }
  for (const [name, { dtype, shape, stored }] of Object.entries(tensors)) {
    const owner = parts.get(name)
    // What is read, and what stands beside a weight in full precision, is no riddle.
    const unread =
      stored === undefined && (owner === undefined || (weights.has(owner) && !weights.get(owner)!.known))
    if (!unread || !mayBeCodes(name, dtype, shape)) continue
    const layer = layerName(name)
    names.add(name)
    add(byLayer, layer, name)
    if (layer !== '' && !indexTypes.includes(dtype)) add(byParent, parentOf(layer), name)
  }
  const reaches = (code: string): boolean => !indexTypes.includes(tensors[code]!.dtype)
  return (name) => {
    const layer = layerName(name)
    const parent = parentOf(layer)
    const found = new Set([
      ...(byLayer.get(layer) ?? []),
      ...(layer === '' ? [] : (byParent.get(layer) ?? [])),
      ...(parent === '' ? [] : (byLayer.get(parent) ?? []).filter(reaches)),
      ...beginningsOf(name).filter((beginning) => names.has(beginning)),
    ])
    const size = (of: string): number => sizeOf(tensors[of]!.shape)
    return [...found]
      .filter((code) => tensors[code]!.shape.length > 1 || size(code) > size(name))
      .sort((one, other) => size(other) - size(one))
  }
}

function mayBeCodes(name: string, dtype: Dtype, { length: rank }: readonly number[]): boolean {
  if (weightTypes.includes(dtype) || dtype === 'C64') return false
  if (!dtype.startsWith('F') && isBuffer(name.slice(lastMark(name) + 1), dtype)) return false
  return rank > 1 || (rank === 1 && dtypeBits[dtype] <= 8 && dtype !== 'BOOL')
}

function isBuffer(leaf: string, dtype: Dtype): boolean {
  if (maskName.test(leaf)) return true
  // GPT-2 and its kin call the mask of their attention so.
  if (leaf === 'bias' && (dtype === 'U8' || dtype === 'BOOL')) return true
  return dtypeBits[dtype] > 8 && indexName.test(leaf)
}

/** The layer that a tensor is of: `q` of `q.B`, `q.weight._data`, `q.weight:_scale` and `q._weight_qdata`. */
function layerName(name: string): string {
  const cuts = [...name.matchAll(/[./:]/g)].map(({ index }) => index)
  const segments = name.split(/[./:]/)
  const parameter = segments.findIndex((segment, i) => i > 0 && parameterName.test(segment))
  let end = parameter > 0 ? parameter : segments.length - 1
  while (end > 0 && segments[end - 1]!.startsWith('_')) end--
  return end > 0 ? name.slice(0, cuts[end - 1]) : ''
}

function parentOf(layer: string): string {
  return layer.slice(0, Math.max(0, lastMark(layer)))
}

function lastMark(name: string): number {
  return Math.max(...['.', '/', ':'].map((mark) => name.lastIndexOf(mark)))
}

/** `q.weight` of `q.weight_quantizer.scale`. */
function beginningsOf(name: string): readonly string[] {
  return [...name.matchAll(/[./:_]/g)].map(({ index }) => name.slice(0, index))
}

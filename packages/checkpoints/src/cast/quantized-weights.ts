// Weights of a file that are quantized already, with the tensors that belong to them. Comes in: a file's
// header. Goes out: each such weight, with a reader where its layout is known. Source: the names that
// transformers, compressed-tensors, ModelOpt, GPTQ, AWQ, bitsandbytes, MLX, gpt-oss and this project write.

import type { NumberFormat } from '@lotion/core'
import type { Dtype } from '../dtype.js'
import { knownLayout, type KnownLayout } from './known-layouts.js'
import { packedWeights, type PackedHeader } from './packed-weights.js'

/** Types whose numbers are weights as they stand; narrower floats are codes of some cast. */
export const weightTypes: readonly Dtype[] = ['F64', 'F32', 'F16', 'BF16']

/** A weight that stands in a file as codes and scales. */
export interface QuantizedWeight {
  /** As it is called where it is not quantized: `q.weight`. */
  readonly name: string
  /** Tensors of the file that it is made of. */
  readonly parts: readonly string[]
  /** How to read it; absent where its layout is not known here. */
  readonly known?: KnownLayout
}

/** What is quantized in a file already, and what belongs to it. */
export interface QuantizedWeights {
  readonly weights: ReadonlyMap<string, QuantizedWeight>
  /** Tensor → weight that it belongs to, scales beside weights in full precision included. */
  readonly parts: ReadonlyMap<string, string>
}

/** Beside `q.weight`; these names mean nothing else. */
const besideWeight =
  /^(.+)\.(weight_scale_inv|weight_scale|weight_scale_2|input_scale|output_scale|[kqv]_scale|(?:weight|input)_global_scale|weight_packed|weight_shape|(?:weight|input)_zero_point|weight_g_idx|qweight|qzeros|g_idx|SCB|weight_format)$/
/** Below `q.weight`, as bitsandbytes writes. */
const belowWeight = /^(.+)\.(absmax|quant_map|nested_absmax|nested_quant_map|quant_state\..+)$/
/** Of weights that stand beside them as codes; alone they may be anything. */
const besideCodes = /^(.+)\.(scales|biases)$/
const afterCodes = /^(.+)_(scale_inv|scale|scales|blocks)$/

/** Find the weights of a file that are quantized already. Throws as `packedWeights`. */
export function quantizedWeights(file: PackedHeader, formats?: readonly NumberFormat[]): QuantizedWeights {
  const { tensors } = file
  const has = (name: string): boolean => Object.hasOwn(tensors, name)
  const isCodes = (name: string): boolean => has(name) && !weightTypes.includes(tensors[name]!.dtype)
  const owners = new Map<string, Set<string>>()
  const own = (weight: string, ...parts: readonly string[]): void => {
    const known = owners.get(weight) ?? new Set()
    for (const part of parts) known.add(part)
    owners.set(weight, known)
  }
  for (const name of Object.keys(tensors)) {
    const weight = ownerOf(name, isCodes)
    if (weight !== undefined) own(weight, name)
  }
  const packed = packedWeights(file, formats)
  for (const [name, weight] of packed) own(name, ...weight.parts)
  const parts = new Map<string, string>()
  const weights = new Map<string, QuantizedWeight>()
  for (const [name, found] of owners) {
    for (const part of found) parts.set(part, name)
    // Scales beside weights in full precision, such as those of a key cache, do not make these codes.
    if (has(name) && !isCodes(name)) continue
    if (has(name)) parts.set(name, name)
    const known = knownLayout(file, name, packed.get(name))
    const all = [...new Set([...(has(name) ? [name] : []), ...found])]
    weights.set(name, { name, parts: all, ...(known ? { known } : {}) })
  }
  return { weights, parts }
}

function ownerOf(name: string, isCodes: (name: string) => boolean): string | undefined {
  const beside = besideWeight.exec(name)
  if (beside) return `${beside[1]}.weight`
  const below = belowWeight.exec(name)
  if (below && (isCodes(below[1]!) || below[2]!.startsWith('quant_state.'))) return below[1]
  const scales = besideCodes.exec(name)
  if (scales && (isCodes(`${scales[1]}.weight`) || isCodes(`${scales[1]}.qweight`)))
    return `${scales[1]}.weight`
  const after = afterCodes.exec(name)
  if (!after) return undefined
  const [, stem, kind] = after
  if (isCodes(stem!)) return stem
  // gpt-oss writes gate_up_proj_blocks and gate_up_proj_scales.
  const other = kind === 'blocks' ? 'scales' : 'blocks'
  return (kind === 'blocks' || kind === 'scales') && isCodes(`${stem}_${other}`) && isCodes(name)
    ? stem
    : undefined
}

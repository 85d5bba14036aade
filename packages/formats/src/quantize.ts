// Weights as grid points and scales, before they become bytes. Comes in: a format. Goes out: lane functions
// and a record.
// Source: docs/design/03-formats-and-methods.md.

import {
  defineLanes,
  locate,
  nearestPoint,
  type BlockLayout,
  type LaneFn,
  type Noise,
  type NumberFormat,
} from '@lotion/core'
import { builderOf, eachBlock } from '@lotion/core/internal'

/** A quantized parameter: weight = value · (block scale · tensor scale), each product rounded to f32. */
export interface Quantized {
  /** Where the blocks lie: the order of `values` and `scales` follows from it. */
  readonly layout: BlockLayout
  /** One grid point a weight, in the order of the weights. */
  readonly values: ArrayLike<number>
  /** One number a block, in the layout's order of blocks; none if the scale is part of the format. */
  readonly scales: ArrayLike<number>
  /** One number a tensor; 1 for scales of one level. */
  readonly tensorScale: number
}

/**
 * Split the nearest cast (or a sample of a noise, by uniforms `u`) into what is stored: `w` → `value` a
 * weight, `scale` a block, `tensorScale` a tensor. Run it with the format's block layout.
 * @param format Its grid and scale rule are in the formula; its block is in the layout of the call.
 * @example
 * ```ts
 * import { evaluate, layoutOf } from '@lotion/core'
 * import { int4, quantize } from '@lotion/formats'
 *
 * const w = [0.31, -1.2, 0.05, 0.6]
 * const [out] = evaluate([{ fn: quantize(int4), inputs: { w }, layout: layoutOf([4], int4.block) }], 'f32')
 * console.log(out!['value'], out!['scale']) // points of the grid, one scale a block
 * ```
 */
export function quantize(format: NumberFormat): LaneFn<'w', never, 'value' | 'scale' | 'tensorScale'>
/**
 * Split a sample of a noise, by uniforms `u`.
 * @param format Its grid and scale rule are in the formula; its block is in the layout of the call.
 * @param noise The law that is drawn from.
 */
export function quantize(
  format: NumberFormat,
  noise: Noise,
): LaneFn<'w' | 'u', never, 'value' | 'scale' | 'tensorScale'>
export function quantize(
  format: NumberFormat,
  noise?: Noise,
): LaneFn<'w' | 'u', never, 'value' | 'scale' | 'tensorScale'> {
  return defineLanes({
    name: `quantize ${format.name} ${noise?.name ?? 'nearest'}`,
    inputs: noise ? ['w', 'u'] : ['w'],
    outputs: ['value', 'scale', 'tensorScale'],
    body: ({ w, u }) => {
      const { site, scale, factors } = locate(format, w)
      return {
        value: noise ? noise.sample(site, u) : nearestPoint(site),
        scale: factors?.block ?? scale,
        tensorScale: factors?.tensor ?? builderOf(w).literal(1),
      }
    },
  })
}

/**
 * The weights of codes and scales, bit for bit those of the cast, but for the sign of zeros. `fixed` is the
 * scale if none is stored.
 * @param quantized Grid points, one a weight, and scales, one a block, with their layout.
 * @param fixed Scale of every block, in units of the weights, if `quantized` has no scales.
 * @example
 * ```ts
 * import { evaluate, layoutOf } from '@lotion/core'
 * import { dequantize, int4, quantize } from '@lotion/formats'
 *
 * const layout = layoutOf([4], int4.block)
 * const [out] = evaluate([{ fn: quantize(int4), inputs: { w: [0.31, -1.2, 0.05, 0.6] }, layout }], 'f32')
 * const { value, scale } = out!
 * console.log(dequantize({ layout, values: value!, scales: scale!, tensorScale: 1 }))
 * ```
 */
export function dequantize({ layout, values, scales, tensorScale }: Quantized, fixed = 1): Float32Array {
  const weights = new Float32Array(values.length)
  eachBlock(layout, (block, base, count, stride) => {
    const scale = Math.fround((scales[block] ?? fixed) * tensorScale)
    for (let k = 0, i = base; k < count; k++, i += stride) weights[i] = values[i]! * scale
  })
  return weights
}

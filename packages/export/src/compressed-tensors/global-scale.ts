// The scale of a tensor by which compressed-tensors divides where NVFP4 multiplies. Comes in: codes and
// scales. Goes out: the f32 number whose quotients make the weights.
// Source: compressed-tensors: weight = code · (block scale / global scale), then rounded to bf16.

import { fromFloat32 } from '@lotion/checkpoints/bytes'
import type { Quantized } from '@lotion/formats'

/** How far from 1 / scale a better one is looked for, in units of its last place. */
const NEARBY = 4

/**
 * Find it: of the numbers around 1 / scale the one by which the fewest weights change. Few tensors have one
 * that changes none in f32, where a weight may be off in its last bit; what is decoded is bf16, where none
 * may be.
 * @param name Of the tensor, for messages.
 * @param quantized Of NVFP4.
 * @throws RangeError with the count if a weight would be another number in bf16.
 */
export function globalScale(name: string, { layout, values, scales, tensorScale }: Quantized): number {
  // A tensor of zeros has nothing to divide.
  if (tensorScale === 0) return 1
  const pairs = new Map<string, { scale: number; point: number; count: number }>()
  for (let i = 0; i < values.length; i++) {
    const [scale, point] = [scales[Math.floor(i / layout.size)]!, values[i]!]
    const key = `${scale} ${point}`
    const known = pairs.get(key)
    if (known) known.count++
    else pairs.set(key, { scale, point, count: 1 })
  }
  const all = [...pairs.values()]
  const counts = all.map(({ count }) => count)
  const wanted = products(all, (scale) => scale * tensorScale)
  const judged = nearby(1 / tensorScale).map((global) => {
    const found = products(all, (scale) => scale / global)
    const changed = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      counts.reduce((sum, count, i) => sum + (a[i] === b[i] ? 0 : count), 0)
    return { global, half: changed(bits16(found), bits16(wanted)), single: changed(found, wanted) }
  })
  const best = judged.reduce((a, b) =>
    b.half < a.half || (b.half === a.half && b.single < a.single) ? b : a,
  )
  if (best.half === 0 && Number.isFinite(best.global) && best.global > 0) return best.global
  throw new RangeError(
    `compressed-tensors: '${name}': expected a tensor scale whose reciprocal makes the same weights in bf16, which is what is decoded, found ${tensorScale}, by which ${best.half} of ${values.length} would change; export to hf, which holds the numbers`,
  )
}

/** Weights of points and scales in f32. */
function products(
  pairs: readonly { readonly scale: number; readonly point: number }[],
  factor: (scale: number) => number,
): Float32Array {
  return Float32Array.from(pairs, ({ scale, point }) => point * Math.fround(factor(scale)))
}

const bits16 = (values: Float32Array): Uint16Array => {
  const { bytes } = fromFloat32(values, 'BF16')
  return new Uint16Array(bytes.buffer, bytes.byteOffset, values.length)
}

/** Singles around a positive number. */
function nearby(value: number): readonly number[] {
  const single = Float32Array.of(value)
  const bits = new Uint32Array(single.buffer)
  const middle = bits[0]!
  return Array.from({ length: 2 * NEARBY + 1 }, (_, i) => {
    bits[0] = middle + i - NEARBY
    return single[0]!
  })
}

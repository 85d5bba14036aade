// Attention to the last tokens alone. Comes in: the keys of a config.json that say so, and the context that a
// model is used with. Goes out: nothing, or an error: a window that is not smaller than the context is none.

import { anything, countOrNull, flag, readKey, unexpected } from './config-keys.js'

/** Readers of the keys of Qwen 2 and 3, in which some layers may have a window. */
export const layeredWindowKeys = {
  use_sliding_window: flag(false),
  sliding_window: countOrNull,
  max_window_layers: anything,
  layer_types: anything,
} as const

/** Refuse a window that would hide something. @throws RangeError naming the key. */
export function refuseWindow(window: number | null, context: number): void {
  if (window === null || window >= context) return
  readKey('sliding_window', () =>
    unexpected(`null, or at least the context of ${context} (a smaller context would do)`, window),
  )
}

/** Refuse a window that would hide something in any layer. @throws RangeError naming the key. */
export function refuseLayeredWindow(
  values: { readonly [Key in keyof typeof layeredWindowKeys]: ReturnType<(typeof layeredWindowKeys)[Key]> },
  layers: number,
  context: number,
): void {
  const { use_sliding_window, sliding_window, max_window_layers, layer_types } = values
  const types = readKey('layer_types', () => {
    if (layer_types === undefined || layer_types === null) return undefined
    const known = ['full_attention', 'sliding_attention']
    const fits =
      Array.isArray(layer_types) && layer_types.every((type: unknown) => known.some((one) => one === type))
    return fits
      ? (layer_types as readonly string[])
      : unexpected(`a list of ${known.join(' or ')}`, layer_types)
  })
  const first = typeof max_window_layers === 'number' ? max_window_layers : 0
  const slides = types === undefined ? first < layers : types.includes('sliding_attention')
  if (use_sliding_window && slides) refuseWindow(sliding_window, context)
}

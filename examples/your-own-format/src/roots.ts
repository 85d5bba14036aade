// Powers of √2: each point a fixed ratio above the one before, so that the relative error is the same for all
// weights but the least.
import { blockOf } from '@lotion/core'
import { absmaxBf16, defineFormat, gridFromPoints } from '@lotion/formats'

const magnitudes = Array.from({ length: 7 }, (_, k) => 2 ** (k / 2))

/** 0 and ±√2^k, k = 0 … 6: 15 points in 4 bits, blocks of 32, a bf16 scale rounded up. */
export const roots = defineFormat({
  name: 'roots',
  grid: gridFromPoints('roots', [...magnitudes.map((m) => -m).reverse(), 0, ...magnitudes]),
  scale: absmaxBf16,
  block: blockOf(32),
})

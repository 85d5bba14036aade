import { blockOf } from '@lotion/core'
import { absmax, defineFormat, f32Scale, gridFromPoints, listPositions } from '@lotion/formats'

const magnitudes = [0, 1, 2, 4, 8]

// The grid has both signs, the list of codes only one.
export const oneSided = defineFormat({
  name: 'one-sided',
  grid: gridFromPoints('one-sided', [-8, -4, -2, -1, ...magnitudes]),
  scale: absmax,
  block: blockOf(16),
  packing: { codes: listPositions(magnitudes), scale: f32Scale },
})

// Every grid with every scale rule: what the rule claims of casting twice holds in f64 and in f32, what it
// denies is broken by some weights, and no finite weight has an infinite cast.
import type { Grid, ScaleRule } from '@lotion/core'
import {
  absmax,
  absmaxBf16,
  absmaxF16,
  binaryGrid,
  builtInFormats,
  defineFormat,
  e4m3Ceil,
  e4m3Nearest,
  e8m0Ceil,
  e8m0Even,
  e8m0Floor,
  e8m0Nearest,
  fixedScale,
  mseClip,
  ternaryGrid,
} from '@lotion/formats'
import { expect, it } from 'vitest'
import { checksOf } from './verify.js'

const grids: readonly Grid[] = [
  ...new Map(
    [...builtInFormats.map(({ grid }) => grid), binaryGrid, ternaryGrid].map((grid) => [grid.name, grid]),
  ).values(),
]
const rules: readonly ScaleRule[] = [
  absmax,
  absmaxF16,
  absmaxBf16,
  e8m0Ceil,
  e8m0Floor,
  e8m0Nearest,
  e8m0Even,
  e4m3Ceil,
  e4m3Nearest,
  mseClip([1, 0.9, 0.75]),
  fixedScale(0.25),
  fixedScale(0.3),
]
const LAWS = ['casting twice', 'cast weights are points', 'ends of f32']

it.each(grids.flatMap((grid) => rules.map((scale) => [grid.name, scale.name, grid, scale] as const)))(
  '%s with %s',
  async (name, _, grid, scale) => {
    const checks = checksOf('format', defineFormat({ name, grid, scale })).filter((check) =>
      (scale.claims.saturates ? LAWS : [...LAWS, 'range']).includes(check.name),
    )
    const reports = (await Promise.all(checks.map((check) => check.run()))).flat()
    expect(reports.flatMap(({ outcome, message }) => (outcome === 'failed' ? [message] : []))).toEqual([])
  },
)

import { blockOf } from '@lotion/core'
import { expect, test } from 'vitest'
import { builtInFormats } from './by-name.js'
import { twosComplement } from './element-codes.js'
import { defineFormat, withBlock, withScale } from './format.js'
import { int4 } from './int4.js'
import { intGrid } from './int-grid.js'
import { knownFormats } from './known-formats.js'
import { mseClip } from './mse-clip.js'
import { nvfp4 } from './nvfp4.js'
import { f32Scale } from './scale-codes.js'

test('formats of a caller stand before the built-in ones, and in the place of those that they are', () => {
  const mine = defineFormat({ name: 'mine', grid: intGrid(5) })
  const copy = { ...int4, grid: { ...int4.grid, points: [...int4.grid.points] } }
  for (const same of [int4, copy, withBlock(int4, blockOf(16)), withScale(int4, mseClip())]) {
    const known = knownFormats([mine, same])
    expect(known.slice(0, 2)).toEqual([mine, same])
    expect(known.map(({ name }) => name).toSorted()).toEqual(
      ['mine', ...builtInFormats.map(({ name }) => name)].toSorted(),
    )
  }
})

test.each([
  ['other points', [defineFormat({ ...int4, grid: intGrid(5) })], 'int4'],
  [
    'other codes',
    [{ ...int4, packing: { codes: twosComplement(4), scale: f32Scale, together: true } }],
    'int4',
  ],
  ['more bits', [defineFormat({ ...int4, bits: 5 })], 'int4'],
  ['two of a caller', [4, 5].map((bits) => defineFormat({ name: 'mine', grid: intGrid(bits) })), 'mine'],
  ['the name of a packing', [{ ...nvfp4, name: 'nvfp4-swizzled' }], 'nvfp4-swizzled'],
] as const)('a name that would be read as another format is refused: %s', (_, formats, name) =>
  expect(() => knownFormats(formats)).toThrow(
    `format: expected a name that no format with other points or codes has, found '${name}'`,
  ),
)

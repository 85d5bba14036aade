import { describe, expect, it } from 'vitest'
import { blockOf, perRow, perTensor, type Grid } from '@lotion/core'
import { absmax } from './absmax.js'
import { builtInFormats, formatByName } from './by-name.js'
import { bitsPerWeight, defineFormat, isStandard, topOf, withBlock, withScale } from './format.js'
import { fp4 } from './fp4.js'
import { fixedScale } from './fixed-scale.js'
import { formatTitle, formatWord } from './format-words.js'
import { int4 } from './int4.js'
import { mseClip } from './mse-clip.js'
import { mxfp4 } from './mxfp4.js'
import { nvfp4 } from './nvfp4.js'
import { q4_0 } from './q4-0.js'
import { q8_0 } from './q8-0.js'

const gridOf = (...points: number[]): Grid => ({
  name: 'g',
  points,
  around: (x) => ({ x, below: x, lo: x, hi: x, above: x, even: x }),
})

describe('defineFormat', () => {
  it('fills in bits, absmax scale and blocks of 32, and freezes', () => {
    const format = defineFormat({ name: 'ternary', grid: gridOf(-1, 0, 1) })
    expect(format).toMatchObject({
      name: 'ternary',
      bits: 2,
      scale: absmax,
      block: { kind: 'size', size: 32 },
    })
    expect(defineFormat({ name: 'wide', bits: 8, grid: gridOf(-1, 0, 1), block: perRow })).toMatchObject({
      bits: 8,
      block: perRow,
    })
    expect(Object.isFrozen(format) && Object.isFrozen(withBlock(format, perRow))).toBe(true)
  })

  it('names what is wrong with a grid', () => {
    expect(() => defineFormat({ name: 'f', grid: gridOf(1) })).toThrow(
      'f: grid: expected at least 2 points, found 1',
    )
    expect(() => defineFormat({ name: 'f', grid: gridOf(0, 2, 1) })).toThrow(
      'f: grid: expected finite points in ascending order, found 1 at position 2',
    )
    expect(() => defineFormat({ name: 'f', grid: gridOf(0, 1, 1) })).toThrow(
      /ascending order, found 1 at position 2/,
    )
    expect(() => defineFormat({ name: 'f', grid: gridOf(0, Infinity) })).toThrow(
      /finite points in ascending order, found Infinity/,
    )
    expect(() => defineFormat({ name: 'f', grid: gridOf(-1, 0) })).toThrow(
      'f: grid: expected a largest point above 0, found 0',
    )
  })
})

describe('built-in formats', () => {
  it.each([
    ['int8', 8, 127],
    ['int4', 4, 7],
    ['int3', 3, 3],
    ['int2', 2, 1],
    ['fp4', 4, 6],
    ['nf4', 4, 1],
    ['fp8-e4m3', 8, 448],
    ['fp8-e5m2', 8, 57344],
    ['fp6-e3m2', 6, 28],
    ['fp6-e2m3', 6, 7.5],
    ['mxfp4', 4, 6],
    ['mxfp6-e3m2', 6, 28],
    ['mxfp6-e2m3', 6, 7.5],
    ['mxfp8-e4m3', 8, 448],
    ['mxfp8-e5m2', 8, 57344],
    ['mxint8', 8, 127 / 64],
    ['nvfp4', 4, 6],
    ['q4_0', 4, 7],
    ['q4_0-full', 4, 7],
    ['q8_0', 8, 127],
    ['gguf-mxfp4', 4, 6],
  ])('%s has the bits and the top of its name', (name, bits, top) => {
    const format = formatByName(name)
    expect([format.bits, topOf(format)]).toEqual([bits, top])
  })

  it('are found by name', () => {
    expect(formatByName('fp4')).toBe(fp4)
    expect(() => formatByName('int5')).toThrow(
      `format: expected one of ${builtInFormats.map(({ name }) => name).join(', ')}, found 'int5'`,
    )
    expect(() => formatByName('int4', [fp4])).toThrow("format: expected one of fp4, found 'int4'")
  })
})

describe('bitsPerWeight', () => {
  it('counts a 32-bit scale for every block, ragged ones too', () => {
    expect(bitsPerWeight(int4)).toBe(5)
    expect(bitsPerWeight(int4, [10, 64])).toBe(5)
    expect(bitsPerWeight(int4, [10, 40])).toBe(4 + (2 * 32) / 40)
    expect(bitsPerWeight(withBlock(int4, blockOf(8)), [4, 6], 0)).toBe(4 + (6 * 32) / 24)
    expect(bitsPerWeight(withBlock(int4, perRow), [10, 64])).toBe(4 + 32 / 64)
    expect(bitsPerWeight(withBlock(int4, perTensor), [10, 64])).toBe(4 + 32 / 640)
    expect(bitsPerWeight(withBlock(int4, perTensor))).toBe(4)
    expect([mxfp4, q4_0, q8_0].map((format) => bitsPerWeight(format))).toEqual([4.25, 4.5, 8.5])
    expect(bitsPerWeight(nvfp4, [64, 64])).toBe(4.5 + 32 / 4096)
    expect(bitsPerWeight(withScale(int4, fixedScale(1)), [64, 64])).toBe(4)
  })

  it('counts the scale of a single weight, whatever its shape', () => {
    for (const format of [int4, mxfp4, nvfp4, withBlock(int4, perTensor), withBlock(int4, perRow)]) {
      const { bits, scale } = format
      const expected = bits + scale.bits + (scale.tensorBits ?? 0)
      expect([bitsPerWeight(format, []), bitsPerWeight(format, [1])]).toEqual([expected, expected])
    }
  })
})

it('titles formats for people', () => {
  const title = (block: typeof perRow): string => formatTitle(withBlock(int4, block))
  expect([title(blockOf(16)), title(perRow), title(perTensor)]).toEqual([
    'int4, block 16',
    'int4, one scale a row',
    'int4, one scale a tensor',
  ])
})

it('names a scale rule that is not the own one of a built-in format', () => {
  const clipped = withScale(withBlock(int4, blockOf(16)), mseClip())
  expect([formatWord(clipped), formatTitle(clipped)]).toEqual(['int4:mse-clip', 'int4:mse-clip, block 16'])
  expect(builtInFormats.map(formatWord)).toEqual(builtInFormats.map(({ name }) => name))
  expect(formatWord(withScale({ ...int4, name: 'mine' }, mseClip()))).toBe('mine')
})

it('calls a standard with other blocks than its own so', () => {
  expect(formatTitle(mxfp4)).toBe('mxfp4, block 32')
  expect(formatTitle(withBlock(mxfp4, blockOf(16)))).toBe('mxfp4 with blocks of 16')
  expect(formatTitle(withBlock(nvfp4, perTensor))).toBe('nvfp4 with one scale a tensor')
  expect(formatTitle(withBlock(q4_0, perRow))).toBe('q4_0 with one scale a row')
  for (const format of builtInFormats) {
    const standard = /^(mx|nv|gguf|q)/.test(format.name)
    expect(format.standardBlock !== undefined).toBe(standard)
    expect(isStandard(format)).toBe(true)
    expect(isStandard(withBlock(format, blockOf(64)))).toBe(!standard)
    expect(isStandard(withBlock(withBlock(format, perTensor), format.block))).toBe(true)
  }
})

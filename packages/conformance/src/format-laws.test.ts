import type { Grid, NumberFormat } from '@lotion/core'
import { fp4, int4 } from '@lotion/formats'
import { expect, it } from 'vitest'
import { formatLaws } from './format-laws.js'

it.each([int4, fp4])('a cell of $name that says of all numbers that they are within is found', (format) => {
  const around: Grid['around'] = (x, isBounded) => {
    const { cell, ...site } = format.grid.around(x, isBounded)
    return { ...site, cell: { ...cell!, isInside: true } }
  }
  const wrong: NumberFormat = { ...format, grid: { ...format.grid, around } }
  const { refute } = formatLaws.find(({ name }) => name === 'cells')!
  expect(refute(format)).toBeUndefined()
  expect(refute(wrong)).toMatchObject({ found: expect.stringMatching(/^the cell has offset/) as string })
})

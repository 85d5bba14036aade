// Records tell estimators apart: by name, and by every number that is not the usual one.

import { numbersOf, type FisherEstimator } from '@lotion/core'
import { isFamily } from '@lotion/core/internal'
import { expect, it } from 'vitest'
import * as fishers from './index.js'
import { constantFisher, empirical, hutchinson } from './index.js'

const families = Object.values<unknown>(fishers).filter((value) => isFamily<FisherEstimator, void>(value))

it.each(families.filter(({ numbers }) => Object.keys(numbers).length > 0))(
  'members of $name have names of their own; the usual one that of the family',
  (family) => {
    expect(family.make(numbersOf(family)).name).toBe(family.name)
    for (const number of Object.keys(family.numbers)) {
      const names = [0.25, 0.5].map((value) => family.make(numbersOf(family, { [number]: value })).name)
      expect(new Set([family.name, ...names]).size).toBe(3)
    }
  },
)

it('numbers are told by name', () => {
  expect(constantFisher({ value: 2 }).name).toBe('constant(value=2)')
  expect(empirical({ beta: 0.9 }).name).toBe('empirical(beta=0.9)')
  expect(hutchinson({ beta: 0.9, every: 5 }).name).toBe('hutchinson(beta=0.9, every=5)')
})

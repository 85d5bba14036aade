// Runs the example and holds it to what its README says.
import { strictEqual } from 'node:assert'
import { losses } from './main.js'

const order = (by: 'fullPrecision' | 'nearest' | 'randomized'): string =>
  Object.entries(losses)
    .sort(([, a], [, b]) => a[by] - b[by])
    .map(([name]) => name)
    .join(' < ')

strictEqual(order('fullPrecision'), 'ptq < lotion < qat')
strictEqual(order('nearest'), 'lotion < qat < ptq')
strictEqual(order('randomized'), 'lotion < ptq < qat')

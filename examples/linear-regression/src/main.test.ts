// Runs the example and holds it to what its README says.
import { ok, strictEqual } from 'node:assert'
import { readFileSync } from 'node:fs'
import { losses } from './main.js'

const order = (by: 'fullPrecision' | 'nearest' | 'randomized'): string =>
  Object.entries(losses)
    .sort(([, a], [, b]) => a[by] - b[by])
    .map(([name]) => name)
    .join(' < ')

strictEqual(order('fullPrecision'), 'ptq < lotion < qat')
strictEqual(order('nearest'), 'lotion < qat < ptq')
strictEqual(order('randomized'), 'lotion < ptq < qat')

const told = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ')
const written = (method: string): string => losses[method]!.nearest.toFixed(4).slice(1)
for (const fact of [
  `QAT is good at the nearest cast (${written('qat')})`,
  `the nearest cast is the best of all (${written('lotion')})`,
])
  ok(told.includes(fact), `README.md: expected '${fact}', as this run has it`)

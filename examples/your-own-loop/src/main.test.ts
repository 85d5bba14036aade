// Runs the example and holds it to what its README says.
import { ok } from 'node:assert'
import { readFileSync } from 'node:fs'
import { losses } from './main.js'

ok(losses.every((row) => row['full precision'] < 1e-4))
// Now and then a seed goes the other way: plain training ends near a grid point by luck.
const ahead = losses.filter((row) => row['LOTION in INT4'] < row['PTQ in INT4']).length
ok(ahead >= 4)
const mean = (name: 'PTQ in INT4' | 'LOTION in INT4'): number =>
  losses.reduce((sum, row) => sum + row[name] / losses.length, 0)
ok(mean('LOTION in INT4') < mean('PTQ in INT4') / 5)

const told = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ')
const written = (loss: number): string => loss.toFixed(4).slice(1)
for (const fact of [
  `PTQ's mean loss is ${written(mean('PTQ in INT4'))} and LOTION's ${written(mean('LOTION in INT4'))};`,
  `on ${ahead} of the ${losses.length} seeds LOTION's is the smaller one`,
])
  ok(told.includes(fact), `README.md: expected '${fact}', as this run has it`)

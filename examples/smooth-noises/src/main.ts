// Linear regression in INT4, one scale, under every noise. Comes in: `--seeds 10 --steps 3000`. Goes out: a
// table, and the export `rows`.

import { parseArgs } from 'node:util'
import { linearRegression, runOnce, summarizeLosses, valuesOf, type LossSummary } from '@lotion/bench'
import { perTensor } from '@lotion/core'
import { exact } from '@lotion/fisher'
import { int4, withBlock } from '@lotion/formats'
import { dithered, randomizedRounding, smoothstep } from '@lotion/noise'
import { annealed, linear, lotion, type Method } from '@lotion/optim'
import { methodsOf } from './methods.js'
import { smoothedLoss } from './smoothed-loss.js'

const { values } = parseArgs({ options: { seeds: { type: 'string' }, steps: { type: 'string' } } })
const [seeds, steps] = [Number(values.seeds ?? 10), Number(values.steps ?? 3000)]
const format = withBlock(int4, perTensor)
const fisher = exact()
const workload = await linearRegression.workload(valuesOf(linearRegression))
const opened = await workload.open(console.warn)

/** Losses by method, over the seeds. */
export const rows: Record<string, LossSummary> = {}
const all: readonly (readonly [string, Method])[] = [
  ...methodsOf({ format, fisher, lambda: linear(0, 1) }),
  ['smoothstep, its whole smoothed loss', smoothedLoss(format, smoothstep)],
  ['randomizedRounding, λ = 1 throughout', lotion({ format, fisher, lambda: 1, noise: randomizedRounding })],
  [
    'dithered, width 1 → 0, λ = 1 throughout',
    lotion({ format, fisher, lambda: 1, noise: annealed(dithered, linear(1, 0)) }),
  ],
]
const text = ({ mean, std }: LossSummary['nearest']): string =>
  `${mean.toFixed(4)} (${(std ?? 0).toFixed(4)})`.padEnd(16)
console.log(`${'loss (std)'.padEnd(42)}full precision  nearest cast    randomized`)
for (const [name, method] of all) {
  const losses = []
  for (let seed = 0; seed < seeds; seed++)
    losses.push((await runOnce({ workload, opened, method, learningRate: 1, steps, seed, casts: 16 })).record)
  const row = (rows[name] = summarizeLosses(losses))
  console.log(`${name.padEnd(42)}${text(row.fullPrecision)}${text(row.nearest)}${text(row.randomized)}`)
}

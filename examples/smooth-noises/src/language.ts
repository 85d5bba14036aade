// The quickstart's language model under three noises. Comes in: `--steps 600 --seed 0`. Goes out: a table of
// validation losses.

import { parseArgs } from 'node:util'
import { language, runOnce, valuesOf } from '@lotion/bench'
import { empirical } from '@lotion/fisher'
import { int4 } from '@lotion/formats'
import { methodsOf } from './methods.js'

const compared = [
  'PTQ',
  'QAT',
  'randomizedRounding',
  'dithered(0.3)',
  'dithered, width 1 → 0',
  'smoothstep, second moment',
]
const { values } = parseArgs({ options: { steps: { type: 'string' }, seed: { type: 'string' } } })
const [steps, seed] = [Number(values.steps ?? 600), Number(values.seed ?? 0)]
const workload = await language.workload(valuesOf(language))
const opened = await workload.open(console.warn)
try {
  console.log(`${'nats a byte'.padEnd(30)}full precision  nearest cast  randomized`)
  for (const [name, method] of methodsOf({ format: int4, fisher: empirical(), lambda: 1 })) {
    if (!compared.includes(name)) continue
    const { record } = await runOnce({
      workload,
      opened,
      method,
      learningRate: language.learningRate,
      steps,
      seed,
      casts: 8,
    })
    const losses = [record.fullPrecision, record.nearest, record.randomized].map((loss) =>
      loss.toFixed(4).padEnd(14),
    )
    console.log(`${name.padEnd(30)}${losses.join('  ')}`)
  }
} finally {
  await opened.close()
}

// The quickstart's language model under three noises. In: `--steps 600 --seed 0`. Out: a table of validation losses.

import { parseArgs } from 'node:util'
import { languageDefaults, languageSetup, trainLanguage } from '@lotion/bench'
import { cpuExecutor } from '@lotion/cpu'
import { empirical } from '@lotion/fisher'
import { int4 } from '@lotion/formats'
import { onnxEngine } from '@lotion/onnx'
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
const settings = { ...languageDefaults, steps: Number(values.steps ?? 600), evaluations: 1 }
const setup = await languageSetup(settings, Number(values.seed ?? 0), await onnxEngine())
try {
  console.log(`${'nats a byte'.padEnd(30)}full precision  nearest cast  randomized`)
  for (const [name, method] of methodsOf({ format: int4, fisher: empirical(), lambda: 1 })) {
    if (!compared.includes(name)) continue
    const { record } = await trainLanguage({ setup, method, executor: cpuExecutor() })
    const losses = [record.fullPrecision, record.nearest, record.randomized].map((loss) =>
      loss.toFixed(4).padEnd(14),
    )
    console.log(`${name.padEnd(30)}${losses.join('  ')}`)
  }
} finally {
  await setup.close()
}

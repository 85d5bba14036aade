// The rate that methods are compared by must not tell which of them ran first.

import { cpuExecutor } from '@lotion/cpu'
import { int4 } from '@lotion/formats'
import { onnxEngine } from '@lotion/onnx'
import { ptq } from '@lotion/optim'
import { afterEach, expect, test, vi } from 'vitest'
import { languageDefaults } from './language-settings.js'
import { languageSetup } from './language-setup.js'
import { trainLanguage } from './train-language.js'

afterEach(() => void vi.restoreAllMocks())

test('tokens a second are those of the steps after the first, which may trace and check the model', async () => {
  const executor = cpuExecutor({ threads: 1 })
  const engine = await onnxEngine({ threads: 1, memory: executor, verifyFirstStep: false })
  const small = { dimension: 16, layers: 1, heads: 2, hidden: 32, batch: 2, context: 8 }
  const settings = {
    ...languageDefaults,
    ...small,
    steps: 5,
    evaluations: 1,
    casts: 1,
    validationWindows: 16,
  }
  const setup = await languageSetup(settings, 0, engine)
  // A step takes two seconds, the first one ten.
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  let steps = 0
  const slow = {
    ...setup.gradientStep,
    run: async (...args: Parameters<typeof setup.gradientStep.run>) => {
      const result = await setup.gradientStep.run(...args)
      now += steps++ === 0 ? 10_000 : 2_000
      return result
    },
  }
  const rates: number[] = []
  const { record } = await trainLanguage({
    setup: { ...setup, gradientStep: slow },
    method: ptq({ format: int4 }),
    executor,
    onProgress: ({ tokensPerSecond }) => void rates.push(tokensPerSecond),
  })
  expect(record.timing).toMatchObject({ trainingSeconds: 18, tokensPerSecond: 16 / 2 })
  // Until there is a second step nothing is known.
  expect(rates).toEqual([0, 8, 8, 8, 8])
  await setup.close()
  await engine.close()
  executor.close()
})

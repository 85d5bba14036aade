// What Fishers ask of the language model's gradient step, traced and run by onnxruntime.

import { byteTokenizer } from '@lotion/text'
import { expect, test } from 'vitest'
import { languageModel, openLanguage } from './open-language.js'
import { speechData } from './speech-data.js'

test('gradients with drawn labels, squares of single texts and probes come where they are asked for, by key, also of a batch in parts', async () => {
  const model = languageModel({ context: 8, dimension: 8, layers: 1, heads: 1 })
  const options = {
    model,
    tokenizer: byteTokenizer(),
    data: () => speechData({ batch: 4, context: 8, validationWindows: 1 }),
    threads: 1,
    onWarning: console.warn,
  }
  const wanted = ['sampledGradient', 'perExampleSquare', 'hessianProbe']
  const key = { seed: 1, stream: 'signals' }
  /** The signals of the first batch, with the draws of some steps. */
  const found = async (parts: number, steps: readonly number[]) => {
    const opened = await openLanguage({ ...options, parts })
    try {
      const { params, gradientStep, batches } = await opened.problem(0)
      const plain = await gradientStep.run(params, batches(0))
      const gradients = Object.values(plain.gradients).map((g) => g.slice())
      const all: Readonly<Record<string, Float32Array>>[] = []
      for (const step of steps) {
        const { signals, ...rest } = await gradientStep.run(params, batches(0), wanted, { ...key, step })
        expect(Object.values(rest.gradients)).toEqual(gradients)
        const of = (name: string) => (signals![name]!['lm_head.weight'] as Float32Array).slice()
        all.push(Object.fromEntries(wanted.map((name) => [name, of(name)])))
      }
      return all
    } finally {
      await opened.close()
    }
  }
  const [once, again, later] = (await found(1, [0, 0, 1])) as [
    Record<string, Float32Array>,
    unknown,
    Record<string, Float32Array>,
  ]
  const [split] = (await found(2, [0])) as [Record<string, Float32Array>]
  expect(again).toEqual(once)
  for (const name of wanted) {
    expect(once[name]!.every(Number.isFinite) && once[name]!.some((value) => value !== 0)).toBe(true)
    if (name !== 'perExampleSquare') expect(later[name]).not.toEqual(once[name])
  }
  // The mean over four texts is that of two means over two, a few roundings apart.
  const largest = Math.max(...once['perExampleSquare']!)
  once['perExampleSquare']!.forEach((value, i) =>
    expect(Math.abs(split['perExampleSquare']![i]! - value)).toBeLessThan(1e-4 * largest),
  )
})

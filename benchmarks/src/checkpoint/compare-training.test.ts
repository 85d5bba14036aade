import { blockOf, type NumberFormat } from '@lotion/core'
import { fp4, int4, mxfp4, nf4, q4_0, withBlock } from '@lotion/formats'
import { llama } from '@lotion/models'
import { describe, expect, it } from 'vitest'
import { quietly } from '../harness/quietly.js'
import { withTorchHere } from '../harness/torch-here.js'
import { compareTraining, trainersBeside } from './compare-training.js'
import { torchSide, type Training, type TrainingSide } from './sides.js'
import { subjectOf } from './training-subject.js'

const model = llama({
  vocabulary: 16,
  dimension: 32,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  hidden: 64,
  context: 8,
})

/** Steps on a small model. They are long, so that the losses tell what is trained. */
async function small(training: Training, format: NumberFormat, competitors: readonly TrainingSide[]) {
  const extents = { format, batch: 2, context: 8, threads: 1 }
  const subject = await subjectOf({ ...extents, model, learningRate: 1e-2 }, async (params) => {
    for (const [name, values] of Object.entries(model.init(1))) params[name]!.set(values)
  })
  return compareTraining(subject, { training, rounds: 2, competitors }, quietly())
}

it('takes steps with LOTION, and tells what they take', async () => {
  const { rows, absent, shared } = await small('lotion', q4_0, trainersBeside(false))
  expect(rows.map(({ engine, optimizer }) => [engine, optimizer])).toEqual([
    ['traced', 'LOTION q4_0 over AdamW, clipped'],
  ])
  expect(rows[0]).toMatchObject({ ratio: null, agreement: null })
  expect(rows[0]!.milliseconds.values).toHaveLength(2)
  expect(rows[0]!.peakBytes).toBeGreaterThan(2 ** 20)
  expect(absent?.map(({ name }) => name)).toEqual(['PyTorch'])
  // 2 layers of q, o (32 × 32), k, v (16 × 32), and three of 64 × 32.
  expect(shared).toMatchObject({ quantized: 2 * (2 * 1024 + 2 * 512 + 3 * 2048), tokens: 16 })
})

describe.runIf(withTorchHere('the training of a checkpoint'))('PyTorch', () => {
  const trainings: readonly (readonly [Training, NumberFormat])[] = [
    ['adamw', q4_0],
    ['lotion', q4_0],
    ['lotion', int4],
    ['lotion', withBlock(fp4, blockOf(16))],
    ['lotion', mxfp4],
  ]
  it.each(trainings)(
    'trains as the traced engine does: %s',
    async (training, format) => {
      const { rows, absent } = await small(training, format, [torchSide(training)])
      expect(absent).toEqual([])
      expect(rows.map(({ engine }) => engine)).toEqual(['traced', 'PyTorch'])
      expect(rows[0]!.optimizer).toBe(rows[1]!.optimizer)
      // Three losses were compared, to 1e-5.
      expect(rows[1]!.agreement).toBeLessThan(1e-5)
    },
    600_000,
  )

  it('is refused where it trains otherwise', async () => {
    await expect(small('lotion', q4_0, [torchSide('adamw')])).rejects.toThrow(
      /^step, PyTorch, AdamW, clipped, 1 thread: expected the loss \S+ before update [23], found \S+: it trains otherwise$/,
    )
  }, 600_000)

  it('is absent for a format that is not written there', async () => {
    const { absent } = await small('lotion', nf4, [torchSide('lotion')])
    expect(absent).toEqual([
      { name: 'PyTorch', absent: expect.stringMatching(/^LOTION nf4: not written for PyTorch/) as string },
    ])
  }, 600_000)
})

import { describe, expect, it } from 'vitest'
import { base, batchesOf, format } from '../test/bowl.js'
import { adamw } from './adamw.js'
import { fit } from './fit.js'
import { lotion } from './lotion.js'
import { cosine, linear, type Schedule } from './schedule.js'
import { sgd } from './sgd.js'
import { stepNumbers, type StepNumbers } from './step-numbers.js'
import { chain, masked } from './transformation.js'

describe('stepNumbers', () => {
  it('tells the very numbers that the updates used, and none of a skipped step', async () => {
    const used = { rate: new Set<number>(), lambda: new Set<number>() }
    const remembering =
      (schedule: Schedule, into: Set<number>): Schedule =>
      (at) => {
        // Schedules are asked once more for the names of scalars, at a step of a run of 1000.
        if (at.steps < 1000) into.add(schedule(at))
        return schedule(at)
      }
    const options = base({
      steps: 6,
      batches: batchesOf([2]),
      nonFinite: 'skip',
      method: lotion({ format, lambda: remembering(linear(0, 1), used.lambda) }),
      optimizer: adamw({ learningRate: remembering(cosine(0.1), used.rate) }),
    })
    const plain = stepNumbers({
      ...options,
      method: lotion({ format, lambda: linear(0, 1) }),
      optimizer: adamw({ learningRate: cosine(0.1) }),
    })
    const told: StepNumbers[] = []
    await fit({ ...options, onStep: (event) => void told.push(plain(event)) })
    expect(told[2]).toEqual({})
    const taken = told.filter((_, step) => step !== 2)
    expect(taken.map(({ learningRate }) => learningRate)).toEqual([...used.rate])
    expect(taken.map(({ lambda }) => lambda)).toEqual([...used.lambda])
  })

  it('leaves out what is not one number', () => {
    const at = { step: 1, steps: 2, skipped: 0, updated: true }
    const groups = chain(
      masked(({ name }) => name === 'bias', sgd({ learningRate: 1 })),
      masked(({ name }) => name !== 'bias', sgd({ learningRate: 2 })),
    )
    expect(stepNumbers(base({ optimizer: groups }))(at)).toEqual({})
    expect(stepNumbers(base({ optimizer: sgd({ learningRate: 2 }) }))(at)).toEqual({ learningRate: 2 })
  })
})

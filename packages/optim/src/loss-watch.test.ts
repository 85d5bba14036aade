// A run that diverges without overflowing is told; one that does not is not.

import { describe, expect, it } from 'vitest'
import { base } from '../test/bowl.js'
import { fit } from './fit.js'
import { constant } from './schedule.js'
import { sgd } from './sgd.js'

async function told(learningRate: number, steps = 64): Promise<readonly string[]> {
  const messages: string[] = []
  await fit(
    base({
      before: [],
      optimizer: sgd({ learningRate: constant(learningRate) }),
      steps,
      onWarning: (message) => void messages.push(message),
    }),
  )
  return messages
}

describe('a loss that ends higher than it began', () => {
  // Of ½ w² the rate 2.1 makes −1.1 w of w.
  it('is told once, with both means', async () => {
    expect(await told(2.1)).toEqual([
      expect.stringMatching(
        /^ptq: the loss rose from \S+ \(mean of 4 steps\) to \S+ \(of the last\): it ended worse than it began; lower the learning rate/,
      ),
    ])
  })

  it('is not told of a run that comes down, or is too short to tell', async () => {
    expect(await told(0.5)).toEqual([])
    expect(await told(2.1, 48)).toEqual([])
  })
})

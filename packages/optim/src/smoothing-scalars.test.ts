import { cpuExecutor } from '@lotion/cpu'
import { defineFisher } from '@lotion/fisher'
import { int4 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { expect, it } from 'vitest'
import { smoothing } from './smoothing.js'
import { createUpdater } from './updater.js'

it('refuses a Fisher whose scalar would take the place of its strength', () => {
  const fisher = defineFisher({
    name: 'mine',
    scalars: () => ({ lambda: 0 }),
    diagonal: ({ w, lambda }) => w.mul(lambda),
  })
  const made = () => {
    const transformation = smoothing({ format: int4, noise: randomizedRounding, fisher, lambda: 1 })
    return createUpdater({ transformation, shapes: { w: [4] }, executor: cpuExecutor() })
  }
  expect(made).toThrow(
    "mine: expected scalars with names of their own, found 'lambda', which the penalty has; rename it",
  )
})

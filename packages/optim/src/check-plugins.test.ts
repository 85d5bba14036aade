import { castNearest } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { empirical } from '@lotion/fisher'
import { dithered, randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { base, format, shapes, start } from '../test/bowl.js'
import { adamw } from './adamw.js'
import { annealed } from './annealed-noise.js'
import { cage } from './cage.js'
import { castTree } from './cast-tree.js'
import { fit } from './fit.js'
import { lotion } from './lotion.js'
import { lsq } from './lsq.js'
import { defineMethod } from './method.js'
import { ptq } from './ptq.js'
import { qat } from './qat.js'
import { rat } from './rat.js'
import { linear } from './schedule.js'
import { smoothing } from './smoothing.js'
import { createUpdater } from './updater.js'

describe('a method refuses', () => {
  it.each(Object.entries({ ptq, qat, lsq, rat, cage, lotion }))('a format that is none: %s', (name, make) => {
    expect(() => make({ format: 'int4' as never })).toThrow(
      `${name}: format: expected a number format, found the text 'int4'; give the record: formatByName('int4')`,
    )
    expect(() => make({} as never)).toThrow(`${name}: format: expected a number format, found undefined`)
  })

  it('a noise and a Fisher that are none', () => {
    for (const make of [rat, lotion])
      expect(() => make({ format, noise: 'gaussian' as never })).toThrow(
        `${make.name}: noise: expected a noise, found the text 'gaussian'; import one from @lotion/noise`,
      )
    expect(() => rat({ format, noise: annealed(dithered, linear(1, 0)) as never })).toThrow(
      'rat: noise: expected one of a fixed width, found an annealed one',
    )
    expect(() => lotion({ format, fisher: empirical as never })).toThrow(
      'lotion: fisher: expected a Fisher estimator, found a function (empirical), perhaps not called; make one by @lotion/fisher',
    )
    const parts = { format, noise: randomizedRounding, fisher: empirical(), lambda: 1 }
    for (const [change, message] of [
      [{ format: 'int4' }, "smoothing: format: expected a number format, found the text 'int4'"],
      [{ noise: 'gaussian' }, "smoothing: noise: expected a noise, found the text 'gaussian'"],
      [{ fisher: empirical }, 'smoothing: fisher: expected a Fisher estimator, found a function (empirical)'],
    ] as const)
      expect(() => smoothing({ ...parts, ...(change as object) })).toThrow(message)
    expect(() => createUpdater({ transformation: adamw as never, shapes, executor: cpuExecutor() })).toThrow(
      'createUpdater: transformation: expected a transformation, found a function (adamw), perhaps not called',
    )
    expect(() => lotion({ format, scaleGradient: 'no' as never })).toThrow(
      'scaleGradient: expected true or false',
    )
  })

  it('a format of its own making', () => {
    expect(() => defineMethod({ name: 'mine', format: 'int4' as never })).toThrow(
      'mine: format: expected a number',
    )
    const tree = {
      executor: cpuExecutor(),
      cast: castNearest(format),
      params: start(),
      shapes,
      axes: new Map(),
    }
    expect(() => castTree({ ...tree, format: 'int4' as never })).toThrow(
      'castTree: format: expected a number format',
    )
  })
})

it('fit refuses a method, an optimizer and what stands before it that are none', async () => {
  for (const [overrides, message] of [
    [{ method: qat }, 'method: expected a method, found a function (qat), perhaps not called'],
    [{ method: 'qat' }, "method: expected a method, found the text 'qat'"],
    [
      { optimizer: adamw },
      'optimizer: expected a transformation, found a function (adamw), perhaps not called',
    ],
    [{ before: ['clip'] }, "before: expected a transformation, found the text 'clip'"],
  ] as const)
    await expect(fit(base(overrides as never))).rejects.toThrow(message)
})

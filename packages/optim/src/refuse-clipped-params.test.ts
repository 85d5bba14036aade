import { castNearest, castSample, normals, type Tree } from '@lotion/core'
import { fp4, int4, q4_0 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { base, batchesOf, executor, shapes, start } from '../test/bowl.js'
import { cage } from './cage.js'
import { castTree } from './cast-tree.js'
import { fit } from './fit.js'
import { lotion } from './lotion.js'
import { lsq } from './lsq.js'
import { ptq } from './ptq.js'
import { qat } from './qat.js'
import { rat } from './rat.js'
import { refuseClippedParams } from './refuse-clipped-params.js'
import { sgd } from './sgd.js'

const WHY = "'matrix': expected weights of at most 458528, the largest that q4_0"
const large = (): Tree<Float32Array> => ({ ...start(), matrix: new Float32Array(18).fill(1e6) })
const methods = [ptq, qat, lsq, rat, cage, lotion].map((make) => make({ format: q4_0 }))

describe('weights beyond what the scale of a format covers', () => {
  it('are not cast, by whatever rounding, and nothing is written', () => {
    for (const cast of [castNearest(q4_0), castSample(q4_0, randomizedRounding)]) {
      const params = large()
      const tree = { executor, format: q4_0, cast, params, shapes, axes: new Map([['matrix', -1]]) }
      expect(() => castTree({ ...tree, into: params })).toThrow(
        `${WHY} with the scale rule absmax-f16 covers, found 18`,
      )
      expect(params).toEqual(large())
      expect(() => castTree({ ...tree, axis: -1 } as never)).toThrow(
        "castTree: unknown option 'axis', did you mean 'axes'?",
      )
      expect(castTree({ ...tree, format: int4, cast: castNearest(int4) }).matrix![0]).toBe(1e6)
      const edge = { matrix: new Float32Array(18).fill(-458528) }
      expect(castTree({ ...tree, params: edge, cast: castNearest(q4_0) }).matrix).toEqual(edge.matrix)
    }
  })

  it.each(methods.map((method) => [method.name, method] as const))(
    'are not trained: %s',
    async (_, method) => {
      const params = large()
      await expect(fit(base({ params, method }))).rejects.toThrow(`params: before training: ${WHY}`)
      expect(params).toEqual(large())
      await expect(fit(base({ method }))).resolves.toBeDefined()
    },
  )

  it('are found where training leads there', async () => {
    const leap = sgd({ learningRate: 1e6 })
    await expect(
      fit(
        base({ method: ptq({ format: q4_0 }), optimizer: leap, before: [], steps: 1, batches: batchesOf() }),
      ),
    ).rejects.toThrow(`params: after training: ${WHY}`)
    await expect(fit(base({ optimizer: leap, before: [], steps: 1 }))).resolves.toBeDefined()
  })

  it('are looked for on a device only where the format has a limit', async () => {
    const reads: string[] = []
    const device = {
      read: (name: string) => {
        reads.push(name)
        return Promise.resolve(Float32Array.of(1, 2e6, ...normals({ seed: 1, stream: 'w' }, 3)))
      },
    }
    await expect(
      refuseClippedParams(device, { matrix: 'far', head: 'off' }, { matrix: { format: q4_0 } }),
    ).rejects.toThrow(/^'matrix': expected weights of at most 458528/)
    expect(reads).toEqual(['far'])
    await refuseClippedParams(
      device,
      { matrix: 'far', embedding: 'off' },
      { matrix: { format: int4 }, embedding: { format: fp4 } },
    )
    expect(reads).toEqual(['far'])
  })
})
